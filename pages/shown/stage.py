"""The stage: one stop at a time, its figure built up by the key, and one line of context."""

from __future__ import annotations

from functools import partial

import streamlit as st

from analysis.cohort.question import Question
from analysis.cohort.rows_elsewhere import RowsElsewhereError
from analysis.figures.common.markdown import plain, sentence
from analysis.figures.common.number_words import NO_PATIENTS
from pages.server import talks
from pages.server.talks import Talk
from pages.shown import build_up, clipboard, figure, header, notice, qr_code, stage_keys, stage_room
from pages.shown.build_up import Step
from pages.shown.speaker import SPEAKER
from pages.shown.stops import Stop, of_page, stops
from pages.state import address, asking, ignored, page_list, presenting, session, views
from pages.state.ending import NothingToShowError
from pages.state.presenting import HERE, Place

HEARD_EVERY = 0.5  # seconds


def follow(page: str) -> None:
    """Show a question that was asked on the stage as it was asked, not from the beginning of its build-up."""
    asked = presenting.new_question()
    before = presenting.place() or Place()
    stop, _, place = _at(page)
    if before.stop not in (HERE, place.stop):
        ignored.add({presenting.PRESENT: [before.stop]})
    presenting.go(place)
    if asked is not None:
        presenting.go(Place(place.stop, _as_asked(_steps(stop), asked)))


def _as_asked(steps: list[Step], asked: Question) -> int:
    """Return the step that shows a question as it was asked: without the numbers if it can be, else all of it."""
    bare = [number for number, step in enumerate(steps) if not step.numbers] or [len(steps) - 1]
    return max((number for number in bare if steps[number].question == asked), default=bare[-1])


def leave(page: str) -> None:
    """Go to the page of the saved view that was on the stage when presenting ended."""
    to = presenting.page_to_leave_for()
    if to not in ("", page):
        st.switch_page(to, query_params=address.words())


def show(page: str) -> session.View:
    """Draw the stop on the stage; return its view."""
    stage_keys.show(partial(move, page))
    every = stops(session.whole_cohort())
    stop, number, place = _at(page)
    steps = _steps(stop)
    at = min(place.step, len(steps) - 1)
    view = session.view_of(
        steps[at].question, plot=stage_room.plot(stop, steps), numbers=steps[at].numbers or not stop.told
    )
    words = _place_words(number, len(every), at, len(steps))
    part = steps[at].part
    talk = _told(every, place.stop, f"{words}: {part}" if part else words)
    with st.container(key="strip", gap="small"):
        _line(view, page, stop, words)
    if talk is not None:
        _hear_speaker(page, talk)
    header.link_notes()
    with st.container(key="notice"):  # floats at the foot, so that the stage stays where it is when the line goes
        notice.place()
    with st.container(key="stage", gap="small"):
        _figure(view, stop, steps[at])
    return view


def move(page: str, by: int) -> None:
    """Go on by a number of steps, over the end of a stop to the next; back if it is negative."""
    address.overlook()
    for _ in range(abs(by)):
        _step(page, 1 if by > 0 else -1)


def _step(page: str, by: int) -> None:
    every = stops(session.whole_cohort())
    stop, number, place = _at(page)
    last = len(_steps(stop)) - 1
    step = min(place.step, last) + by
    if 0 <= step <= last:
        presenting.go(Place(place.stop, step))
        return
    at = -1 if number is None else number  # a view that is no stop stands before the first
    if 0 <= at + by < len(every):
        _go(every[at + by], first=by > 0)


def _go(stop: Stop, *, first: bool) -> None:
    """Go to the first or the last step of a stop, with its question if it is a saved view."""
    if stop.asked is not None:
        address.take({**stop.asked, **presenting.words(), **views.words()})
    presenting.go(Place(stop.key, 0 if first else len(_steps(stop)) - 1))


def _at(page: str) -> tuple[Stop, int | None, Place]:
    """Return the stop on the stage, its number among the stops, or None if it is none of them, and the place."""
    place = presenting.place() or Place()
    every = stops(session.whole_cohort())
    for number, stop in enumerate(every):
        if stop.key == place.stop:
            return stop, number, place
    saved = views.place(page, address.words())
    if saved is not None:
        return every[saved], saved, Place(every[saved].key, place.step)
    if every[0].asked is not None:
        return of_page(page), None, Place(HERE, place.step)
    number = next((number for number, stop in enumerate(every) if stop.page == page), 0)
    return every[number], number, Place(every[number].key, place.step)


def _steps(stop: Stop) -> list[Step]:
    return build_up.steps(asking.present(), levels=stop.levels, told=stop.told, parts=stop.parts)


def _place_words(number: int | None, stops: int, step: int, steps: int) -> str:
    of_stops = f"{'–' if number is None else number + 1} of {stops}"
    return f"{of_stops}, step {step + 1} of {steps}" if steps > 1 else of_stops


def _line(view: session.View, page: str, stop: Stop, place_words: str) -> None:
    """Draw the line: what is shown, of whom, where in the presentation, and the buttons."""
    with st.container(key="line", horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(" · ".join(_context(view, stop)), width="stretch")
        st.markdown(place_words, width="content")
        st.button("‹", key="stop_before", type="tertiary", on_click=move, args=(page, -1), help="Back")
        st.button("›", key="stop_after", type="tertiary", on_click=move, args=(page, 1), help="On")
        st.button("Filters", key="show_filters", type="tertiary", on_click=presenting.switch_filters, shortcut="F")
        clipboard.show()
        qr_code.offer(stop.page)
        st.link_button(
            "Speaker's window", f"?{SPEAKER}={_token()}", key="speaker", type="tertiary", on_click=_opened,
            help="In a tab of its own: what comes next, notes, and the clock",
        )  # fmt: skip
        end = partial(presenting.end, stop.page if stop.asked is not None else page)
        st.button("End", key="end_presenting", type="tertiary", shortcut="P", help="End presenting", on_click=end)
        st.button("Escape", key="escape", type="tertiary", shortcut="Escape", on_click=end)


def _token() -> str:
    """Return the token of this presentation; it is begun anew if the server forgot it."""
    token: str = st.session_state.get("talk", "")
    if talks.of(token) is None:
        st.session_state["talk"] = token = talks.begin(views.notes())
        st.session_state["speaker_moves"] = 0
    return token


def _opened() -> None:
    """Listen to the speaker's window from now on."""
    st.session_state["speaker_listens"] = True


def _told(every: list[Stop], key: str, words: str) -> Talk | None:
    """Tell the speaker's window where the presentation is; return the presentation if that window was opened."""
    talk = talks.of(_token())
    if talk is None:
        return None
    talk.stops = [(stop.key, stop.name or _title(stop)) for stop in every]
    talk.place, talk.at = key, words
    return talk if st.session_state.get("speaker_listens") else None


@st.fragment(run_every=HEARD_EVERY)
def _hear_speaker(page: str, talk: Talk) -> None:
    """Move as the speaker's window asks."""
    by = talk.moves - st.session_state["speaker_moves"]
    if by:
        move(page, by)
        st.session_state["speaker_moves"] = talk.moves
        st.rerun()


def _title(stop: Stop) -> str:
    return f"{page_list.PAGES[stop.page]}: {stop.key}"


def _context(view: session.View, stop: Stop) -> list[str]:
    filters = view.filters.words() or ["all patients"]
    return [
        f"**{plain(stop.name or page_list.PAGES[stop.page])}**",
        f"**{len(view.present):,} of {len(view.whole):,}**",
        *header.compared_words(view),
        plain(f"{view.whole.name}: {', '.join(filters)}"),  # last, as the end of a long line is cut
    ]


def _figure(view: session.View, stop: Stop, step: Step) -> None:
    if not len(view.present):
        st.warning(NO_PATIENTS)
        return
    try:
        shown = stop.make(view, step.part)
    except (NothingToShowError, RowsElsewhereError) as reason:
        st.warning(plain(str(reason)))
        return
    st.markdown(f"## {plain(shown.question)}")
    if stop.who is None:
        figure.draw(shown)
    else:
        figure.draw_pickable(view, shown, stop.who(view, shown))
    if step.numbers:
        with st.container(key="verdict"):
            st.markdown(sentence(shown.words))

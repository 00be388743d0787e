"""How the dropped files would be read: what must be answered, and every column with its guess, to be corrected."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import streamlit as st

from analysis import Source
from analysis.cohort.column_words import column_label, column_unit
from analysis.cohort.vocabulary import TABLES
from analysis.cohort.wording import count_words
from analysis.figures.common.markdown import plain
from analysis.figures.common.result_tables import findings_table
from analysis.intake.assemble import Reading, findings_frame
from analysis.intake.proposal import Proposal, ProposedColumn, ProposedTable, Question
from analysis.intake.saved import save_mapping
from analysis.intake.source import CUTOFF, ROWS
from pages.shown import figure, receipt
from pages.state import incoming

FIRST_DAY = datetime.date(1950, 1, 1)
ABSENT = "not in the file"
NONE_OF_THEM = "none of them"
TITLES = {"patients": "Patients", "visits": "Visits", "events": "Adverse events"}


def show(held: incoming.Incoming) -> None:
    """Draw what is known of the files that wait, and open them when that is asked for."""
    proposal = incoming.proposal(held)
    refused = findings_frame([*held.refused, *proposal.refusals])
    if len(refused):
        st.error("This was not opened. The cohort that was open before is still here.")
        figure.listing(findings_table(refused))
    if proposal.spotless and proposal.reading is not None and not held.mapping and not len(refused):
        _open(held, proposal.reading)
    if proposal.questions:
        _ask(proposal.questions)
    if proposal.losses:
        receipt.ask(proposal.losses)
    if proposal.reading is not None and not len(refused):
        receipt.show(proposal.reading)
    if held.files and not len(refused):
        _decide(held, proposal)
    if proposal.columns and not proposal.certain:
        _columns(held, proposal)


def _open(held: incoming.Incoming, reading: Reading) -> None:
    refused = incoming.accept(held, reading.cohort)
    if not len(refused):
        st.rerun()
    st.error("This was not opened. The cohort that was open before is still here.")
    figure.listing(findings_table(refused))


def _ask(questions: Sequence[Question]) -> None:
    one = len(questions) == 1
    st.markdown(f"#### {'One thing' if one else f'{len(questions)} things'} that only you can know")
    with st.form("questions", enter_to_submit=False):
        for question in questions:
            _choices(question)
        st.form_submit_button(
            "Use this answer" if one else "Use these answers", type="primary", on_click=_answer, args=(questions,)
        )


def _choices(question: Question) -> None:
    counts, key = dict(question.choices), f"question_{question.kind}_{question.key}"
    if question.kind == CUTOFF:
        st.date_input(plain(question.words), None, min_value=FIRST_DAY, format="YYYY-MM-DD", key=key)
        return
    nothing = question.kind == "event" and question.key != ROWS
    st.pills(
        _question_words(question),
        [*counts, *([NONE_OF_THEM] if nothing else [])],
        selection_mode="multi" if question.kind == "event" else "single",
        format_func=lambda value: _choice_words(value, counts),
        key=key,
    )


def _question_words(question: Question) -> str:
    if question.kind != "column":
        return plain(question.words)
    unit = column_unit(question.name)
    return f"Which column is {plain(column_label(question.name))}{f' ({plain(unit)})' if unit else ''}?"


def _choice_words(value: str, counts: dict[str, int]) -> str:
    rows = f" ({count_words(counts[value], 'row', ',')})" if len(set(counts.values())) > 1 and value in counts else ""
    return f"{plain(value)}{rows}"


def _answer(questions: Sequence[Question]) -> None:
    told: dict[str, str | Source | None] = {}
    for question in questions:
        chosen = st.session_state.get(f"question_{question.kind}_{question.key}")
        values = [str(value) for value in (chosen if isinstance(chosen, list) else [chosen] if chosen else [])]
        known = told.get(question.key)  # of one column both the unit and the decimals can be asked
        asked = question.with_source(known) if isinstance(known, Source) else question
        if values:
            told[question.key] = asked.answered(*(value for value in values if value != NONE_OF_THEM))
    incoming.answer(told)


def _columns(held: incoming.Incoming, proposal: Proposal) -> None:
    st.markdown("#### How the columns are read")
    st.markdown(
        "Each line is a column that the figures use. Where a guess is wrong, choose another column of the file."
    )
    for table in proposal.tables:
        vocabulary = TABLES[table.table]
        columns = [each for each in proposal.columns if each.table == table.table]
        with st.container(key=f"matching_{table.table}", gap="small"):
            st.markdown(f"**{TITLES[table.table]}**: {plain(table.label)}, {table.rows:,} rows")
            for each in columns:
                if _is_shown(each, table, held):
                    _line(each, table, vocabulary[each.name].unit if each.name in vocabulary else "")
            _more(table, [each for each in columns if each.source is None])


def _is_shown(each: ProposedColumn, table: ProposedTable, held: incoming.Incoming) -> bool:
    """Return whether a column has a line: it is matched, or was taken back; organs in several columns have one each."""
    if each.source is None:
        return held.mapping.get(each.key, "") is None
    return each.name != "organs" or each.source.column in table.columns


def _line(each: ProposedColumn, table: ProposedTable, unit: str) -> None:
    label, choice, examples = st.columns([3, 3, 5], vertical_alignment="center", gap="small")
    label.markdown(f"{plain(each.label)}{f' ({plain(unit)})' if unit else ''}")
    key = f"column_{each.key}"
    st.session_state[key] = each.source.column if each.source is not None else ABSENT
    options = [ABSENT, *table.columns]
    if st.session_state[key] not in options:
        options.append(st.session_state[key])
    choice.selectbox(
        f"Column for {each.label}", options, key=key, label_visibility="collapsed", on_change=_choose, args=(each.key,)
    )
    examples.caption(plain(_line_words(each)))


def _line_words(each: ProposedColumn) -> str:
    if each.source is None:
        return ""
    parts = [f"such as {', '.join(each.examples)}"] if each.examples else []
    if each.filled:
        parts.append(f"{each.readable:,} of {each.filled:,} readable")
    if each.source.unit:
        parts.append(f"in {each.source.unit}")
    if each.source.event is not None:
        parts.append(f"yes is {' or '.join(map(str, each.source.event)) or NONE_OF_THEM}")
    if each.source.format:
        parts.append(f"written {each.source.format}")
    return "; ".join([*parts, *([each.reason] if each.reason else [])])


def _choose(key: str) -> None:
    chosen = st.session_state[f"column_{key}"]
    incoming.answer({key: None if chosen == ABSENT else Source(chosen)})


def _more(table: ProposedTable, unmatched: Sequence[ProposedColumn]) -> None:
    """Offer to match what was not recognised, and to keep what looks personal."""
    free = [column for column in table.unmatched if column not in table.private]
    if free and unmatched:
        column, means, button = st.columns([3, 3, 5], vertical_alignment="bottom", gap="small")
        column.selectbox("Another column", free, key=f"more_column_{table.table}")
        means.selectbox(
            "stands for",
            [each.key for each in unmatched],
            format_func=lambda key: column_label(key.partition(".")[2]),
            key=f"more_means_{table.table}",
        )
        button.button("Match", key=f"more_{table.table}", on_click=_match, args=(table.table,))
        st.caption(f"Kept as they are: {plain(', '.join(free))}.")
    for name, kind in table.private.items():
        st.checkbox(
            f"Keep {plain(name)}, although it looks like {kind}",
            key=f"keep_{table.table}_{name}",
            on_change=_keep,
            args=(table.table, name),
        )


def _match(table: str) -> None:
    key, column = st.session_state[f"more_means_{table}"], st.session_state[f"more_column_{table}"]
    incoming.answer({key: Source(column)})


def _keep(table: str, name: str) -> None:
    if st.session_state[f"keep_{table}_{name}"]:
        incoming.answer({name: Source(name)})
    else:
        incoming.take_back(name)


def _decide(held: incoming.Incoming, proposal: Proposal) -> None:
    given = [
        key
        for key, source in held.mapping.items()
        if source is not None and (key.partition(".")[2] or key in (ROWS, CUTOFF))
    ]
    with st.container(horizontal=True, gap="small"):
        wanted = st.button("Open this cohort", type="primary", disabled=not proposal.ready, key="open_cohort")
        st.button("Cancel", on_click=incoming.discard, key="cancel_cohort")
        if given:
            st.button("Ask me again", on_click=_ask_again, key="ask_again", help="Forget the answers and corrections")
            st.download_button(
                "Save the answers", save_mapping(held.mapping), "column_mapping.json", "application/json",
                help="Drop this small file together with the next version of the same data.",
            )  # fmt: skip
    if wanted and proposal.reading is not None:
        _open(held, proposal.reading)


def _ask_again() -> None:
    held = incoming.present()
    for key in held.mapping if held else ():
        incoming.take_back(key)

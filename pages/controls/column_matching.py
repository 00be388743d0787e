"""The columns of the dropped files, each with its guessed meaning, to be corrected."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from analysis import Source
from analysis.cohort.column_words import column_label
from analysis.cohort.table_kinds import KINDS
from analysis.cohort.vocabulary import TABLES
from analysis.figures.common.markdown import plain
from analysis.intake.proposal import Proposal, ProposedColumn, ProposedTable
from pages.controls.file_questions import NONE_OF_THEM
from pages.state import incoming

ABSENT = "not in the file"


def show(waiting: incoming.Incoming, proposal: Proposal) -> None:
    """Draw a line for each column that the figures use, and offer what else can be matched or kept."""
    st.markdown("#### How the columns are read")
    st.markdown(
        "Each line is a column that the figures use. Where a guess is wrong, choose another column of the file."
    )
    for table in proposal.tables:
        vocabulary = TABLES[table.table]
        columns = [each for each in proposal.columns if each.table == table.table]
        with st.container(key=f"matching_{table.table}", gap="small"):
            st.markdown(f"**{KINDS[table.table].title}**: {plain(table.label)}, {table.rows:,} rows")
            for each in columns:
                if _is_shown(each, table, waiting):
                    _line(each, table, vocabulary[each.name].unit if each.name in vocabulary else "")
            _more(table, waiting, [each for each in columns if each.source is None])
            _aside(table, waiting)


def _is_shown(each: ProposedColumn, table: ProposedTable, waiting: incoming.Incoming) -> bool:
    """Return whether a column has a line: it is matched, or its match was removed; each organ column has its own."""
    if each.source is None:
        return waiting.mapping.get(each.key, "") is None
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


def _more(table: ProposedTable, waiting: incoming.Incoming, unmatched: Sequence[ProposedColumn]) -> None:
    """Offer to match columns that were not recognised, and to keep columns that look personal."""
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
            value=_is_chosen(name, waiting),
            key=f"keep_{table.table}_{name}",
            on_change=_keep,
            args=(table.table, name),
        )


def _aside(table: ProposedTable, waiting: incoming.Incoming) -> None:
    """Offer the columns that are not read, because there are thousands of them."""
    chosen = [name for name in table.unmatched if _is_chosen(name, waiting)]
    if not table.aside:
        return
    key = f"aside_{table.table}"
    st.session_state[key] = chosen
    st.multiselect(
        "Read these columns too",
        [*chosen, *table.aside],
        key=key,
        on_change=_read_too,
        args=(table.table, chosen),
        help=f"{len(table.aside):,} columns match nothing that the figures use. Those chosen here are read, and can be "
        "matched.",
    )


def _is_chosen(name: str, waiting: incoming.Incoming) -> bool:
    source = waiting.mapping.get(name)
    return isinstance(source, Source) and source.column == name


def _read_too(table: str, before: Sequence[str]) -> None:
    chosen = st.session_state[f"aside_{table}"]
    incoming.answer({name: Source(name) for name in chosen})
    for name in before:
        if name not in chosen:
            incoming.take_back(name)


def _match(table: str) -> None:
    key, column = st.session_state[f"more_means_{table}"], st.session_state[f"more_column_{table}"]
    incoming.answer({key: Source(column)})


def _keep(table: str, name: str) -> None:
    if st.session_state[f"keep_{table}_{name}"]:
        incoming.answer({name: Source(name)})
    else:
        incoming.take_back(name)

"""Matching of all columns of a table: those that the user named, then guesses, then organs."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from analysis.cohort.vocabulary import ORGANS, PATIENTS, TABLES
from analysis.cohort.wording import count_words
from analysis.intake import texts
from analysis.intake.guess import Guess, guess, halves, two_ends
from analysis.intake.noticed import Place, Report, refuse_file, shown
from analysis.intake.numerals import unmarked
from analysis.intake.organs import coded_organs, joined_organs, organ_boxes, organ_columns
from analysis.intake.raw import RawTable
from analysis.intake.relapse_dates import NAME as RELAPSE_DATE
from analysis.intake.set_aside import set_aside
from analysis.intake.shapes import is_form_status
from analysis.intake.source import ORGAN, Answers, Source
from analysis.intake.values import is_missing, recorded

# A wrong guess at these changes every estimate, so the user is asked if two columns fit.
OUTCOME = ("follow_up_months", "died")
DECIDING = (*OUTCOME, "sledai")
DATES = ("transplant_date", "last_contact_date", "death_date")  # they decide where follow-up is computed from them
TWO_ENDS = ("death_months", "last_contact_months")  # used together only, in place of follow_up_months
# Columns that follow-up is computed from; they are not kept.
ENDS = (*(name for name, column in PATIENTS.items() if column.kind == "date" and name != RELAPSE_DATE), *TWO_ENDS)


@dataclass(frozen=True)
class Matched:
    """A table of text with canonical column names.

    Attributes
    ----------
    place
        The table, and its location in words.
    cells
        Text; canonical columns first, in the order of the vocabulary; the index is the row number in the user's file.
    sources
        Canonical name to its source.
    file, columns
        The name of the file, and all its columns.
    reasons
        Canonical name to the reason of the match, in words.
    semicolons
        Whether the file is delimited by semicolons, as is usual with decimal commas.
    read_like
        See `RawTable`.
    absent
        Canonical columns that the user said the file does not have.
    aside
        Columns that are not read, because the table has very many, with all rows of the file; see `set_aside`.
    """

    place: Place
    cells: pd.DataFrame
    sources: dict[str, Source]
    file: str = ""
    columns: tuple[str, ...] = ()
    reasons: dict[str, str] = field(default_factory=dict)
    semicolons: bool = False
    read_like: Mapping[str, str] = field(default_factory=dict)
    absent: frozenset[str] = frozenset()
    aside: dict[str, pd.Series] = field(default_factory=dict, repr=False)

    def original(self, name: str) -> str:
        """Return the name of a column in the file."""
        return self.sources[name].column if name in self.sources else name


def check_mapping(answers: Answers, tables: Sequence[RawTable]) -> None:
    """Refuse a mapping with a column that no file has."""
    present = {str(name) for table in tables for name in table.cells.columns}
    boxes = {field for table in tables for field in organ_boxes(table.cells)}
    named = [source for columns in answers.columns.values() for source in columns.values() if source is not None]
    for source in (*named, *answers.others.values()):
        if source.column not in present and not (source.codes and source.column in boxes):
            files = " or ".join(dict.fromkeys(table.label for table in tables))
            message = f'there is no column "{shown(source.column)}". The columns are: {_listed(sorted(present))}.'
            refuse_file(files, message, question="column")


def match(raw: RawTable, table: str, answers: Answers, report: Report) -> Matched:
    """Return a raw table with canonical column names, from the user's mapping or else from names and values."""
    place = Place(table, raw.label, raw.origin)
    _report_reading(place, raw, report)
    sources, reasons = _sources(place, raw, answers.columns[table], answers.others, report)
    _with_plus(place, raw, sources, report)
    cells = {name: raw.cells[sources[name].column] for name in TABLES[table] if name in sources}
    if _is_plus(sources):
        cells["died"] = texts.changed(cells["died"], _outcome)
    used = {source.column for source in sources.values()}
    organs = _organs(table, raw, answers.columns[table], sources)
    if organs:
        cells = _with_organs(place, cells, raw, organs, report)
        flags = [column for named in organs.values() for column in named]
        sources["organs"] = _organs_source(raw, answers.columns[table], flags)
        named = {f"{ORGAN}{organ}": Source(columns[0]) for organ, columns in organs.items() if organ in ORGANS}
        reasons |= dict.fromkeys(named, "its name is that of an organ, and it holds yes or no")
        sources |= named
        used.update(flags)
    else:
        _doubt_coded_organs(place, raw, used, sources, report)
    statuses = [name for name in map(str, raw.cells) if name not in answers.kept and is_form_status(raw, name)]
    unused = [name for name in statuses if name not in used]
    if unused:
        report.note(place, f"what REDCap adds is not used: {', '.join(map(shown, unused))}.")
    columns = tuple(map(str, raw.cells.columns))
    aside = _set_aside(place, raw, {*used, *unused, *TABLES[table]}, answers, report)
    for column in columns:
        if column in unused or column in aside:
            continue
        if column in sources and column not in used:
            report.note(place, f'it is not used, because "{shown(sources[column].column)}" was named.', column=column)
        elif column in TWO_ENDS and column not in used:
            report.note(place, "it is not used beside follow_up_months.", column=column)
        elif column in TABLES[table] and column not in used:
            report.note(place, f"it is not used, because it was said not to be {column}.", column=column)
        elif column not in used:
            cells[column] = raw.cells[column]
            sources |= {column: answers.others[column]} if column in answers.others else {}
    held = pd.DataFrame(cells, index=raw.cells.index, copy=False)
    absent = frozenset(name for name, source in answers.columns[table].items() if source is None)
    return Matched(place, held, sources, raw.file, columns, reasons, raw.semicolons, raw.read_like, absent, aside)


def _set_aside(
    place: Place, raw: RawTable, used: Collection[str], answers: Answers, report: Report
) -> dict[str, pd.Series]:
    """Return and report the columns that are not read; see `set_aside`."""
    aside = {name: raw.cells[name] for name in set_aside(raw, used, answers)}
    if aside:
        many = f"of its {raw.cells.shape[1]:,} columns {len(aside):,} match nothing that is used, and are set aside."
        report.note(place, f"{many} Name a column in the mapping to read it.")
    return aside


def _report_reading(place: Place, raw: RawTable, report: Report) -> None:
    for note in raw.notes:
        report.note(place, note)
    for doubt in raw.doubts:
        report.doubt(place, doubt)
    for each in raw.rows:
        if each.kind == "left out":
            report.leave_out(place, each.row, "", each.message, value=each.value, expected=True)  # a sum
        else:
            report.doubt(place, each.message, row=each.row, value=each.value)


def _sources(
    place: Place,
    raw: RawTable,
    chosen: Mapping[str, Source | None],
    others: Mapping[str, Source],
    report: Report,
) -> tuple[dict[str, Source], dict[str, str]]:
    """Return the source of each canonical column, and the reason of the match."""
    sources = {name: source for name, source in chosen.items() if source is not None and source.column in raw.cells}
    reasons = dict.fromkeys(sources, "named by you")
    without_contact = chosen.get("last_contact_months", ...) is None
    if place.table == "patients" and "follow_up_months" not in chosen and not without_contact:
        named = sources.get("death_months")
        death = Guess(named.column, reasons["death_months"], certain=True) if named else None
        ends = two_ends(raw.cells, {source.column for source in sources.values()}, death)
        for name, end in ends.items():
            sources.setdefault(name, Source(end.column))
            reasons[name] = end.reason
            report.note(place, f"it is read as {name}; {end.reason}.", column=end.column)
    unasked = {*TWO_ENDS, *(["follow_up_months"] if set(TWO_ENDS) & set(sources) else [])}
    for name in TABLES[place.table]:
        if name in sources or name in unasked or chosen.get(name, ...) is None:
            continue
        taken = {source.column for source in sources.values()}
        found = guess(raw.cells, place.table, name, taken)
        if found is not None and not _beside_dates(raw, place.table, name, found, taken):
            sources[name] = others.get(found.column, Source(found.column))
            reasons[name] = found.reason
            deciding = (*DECIDING, *(DATES if "follow_up_months" not in sources else ()))
            _report_guess(place, raw, name, found, name in deciding, report)
    return sources, reasons


def _with_plus(place: Place, raw: RawTable, sources: dict[str, Source], report: Report) -> None:
    """Use the follow-up column for died too, if a plus after a time marks it as censored."""
    source = sources.get("follow_up_months")
    if place.table != "patients" or source is None or ("died" in sources and not _is_plus(sources)):
        return
    marks = {unmarked(text)[1] for text in recorded(raw.cells[source.column])}
    if "+" in marks:
        sources.setdefault("died", Source(source.column))
        report.note(
            place, "a time with a plus is read as alive at this time, one without as died.", column=source.column
        )


def _is_plus(sources: Mapping[str, Source]) -> bool:
    ends = [sources[name].column for name in OUTCOME if name in sources]
    return len(ends) == len(OUTCOME) and len(set(ends)) == 1


def _outcome(text: str) -> str:
    return text if is_missing(text) else "alive" if unmarked(text)[1] == "+" else "died"


def _organs(
    table: str, raw: RawTable, chosen: Mapping[str, Source | None], sources: Mapping[str, Source]
) -> dict[str, list[str]]:
    """Return the yes-or-no columns of each organ, or of each code of an organ, without a column of sets of organs."""
    if table != "patients" or "organs" in sources or chosen.get("organs", ...) is None:
        return {}
    boxes = organ_boxes(raw.cells, chosen)
    if boxes:
        return boxes[_field(boxes, chosen)]
    return organ_columns(raw.cells, chosen, {source.column for source in sources.values()})


def _doubt_coded_organs(
    place: Place, raw: RawTable, used: Collection[str], sources: Mapping[str, Source], report: Report
) -> None:
    coded = coded_organs(raw.cells, used) if place.table == "patients" and "organs" not in sources else []
    if coded:
        words = "they are not read as organs: it is not known which of their codes means yes. Write yes or no in them."
        report.doubt(place, f"{', '.join(map(shown, coded))} are named like organs. But {words}", column=coded[0])


def _organs_source(raw: RawTable, chosen: Mapping[str, Source | None], flags: Sequence[str]) -> Source:
    """Return the source of organs that several columns hold: the field of checkboxes, or the columns."""
    boxes = organ_boxes(raw.cells, chosen)
    if not boxes:
        return Source(", ".join(flags))
    return chosen.get("organs") or Source(_field(boxes, chosen))


def _field(boxes: Collection[str], chosen: Mapping[str, Source | None]) -> str:
    told = chosen.get("organs")
    return told.column if told and told.column in boxes else next(iter(boxes))


def columns_of(matched: Matched) -> str:
    """Return the file's columns in words."""
    # An id without a source was made by numbering the patients.
    names = [str(name) for name in matched.cells.columns if name != "patient_id" or name in matched.sources]
    return _listed([matched.original(name) for name in names])


def unmatched_columns(matched: Matched) -> list[str]:
    """Return the columns of the file that match no canonical one."""
    return [name for name in map(str, matched.cells.columns) if name not in TABLES[matched.place.table]]


def free_columns(matched: Matched) -> dict[str, pd.Series]:
    """Return the columns of the file that match no canonical one, also those set aside, before rows are left out."""
    return {name: matched.cells[name] for name in unmatched_columns(matched)} | matched.aside


def _beside_dates(raw: RawTable, table: str, name: str, found: Guess, taken: set[str]) -> bool:
    """Return whether a column with an ambiguous name is not needed, because dates give the same."""
    if table != "patients" or not found.loose or name not in OUTCOME:
        return False
    dated = {
        each for each in ("transplant_date", "last_contact_date", "death_date") if guess(raw.cells, table, each, taken)
    }
    return "death_date" in dated if name == "died" else "transplant_date" in dated and len(dated) > 1


def _report_guess(place: Place, raw: RawTable, name: str, found: Guess, deciding: bool, report: Report) -> None:
    pair = halves(raw.cells, found) if name == "follow_up_months" else ()
    if pair:
        words = " and ".join(f'"{shown(column)}"' for column in pair)
        message = f"{words} each hold the follow-up of some patients only. Which of them is the time to death?"
        choices = [(column, len(raw.cells)) for column in pair]
        report.refuse(place, message, column="death_months", question="column", choices=choices)
        return
    rivals = [each for each in found.others if found.certain or _differ(raw.cells[found.column], raw.cells[each])]
    named = " and ".join(f'"{shown(column)}"' for column in (found.column, *rivals))
    if rivals and (found.certain or deciding):
        choices = [(column, len(raw.cells)) for column in (found.column, *rivals)]
        advice = "Rename one." if found.certain else "Name the right one."
        message = f"{named} could both be read as {TABLES[place.table][name].label}. {advice}"
        report.refuse(place, message, column=name, question="column", choices=choices)
    elif found.column != name:
        why = "" if found.certain else f"; {found.reason}"
        more = f" {named} could both be it." if rivals else ""
        report.note(place, f"it is read as {name}{why}.{more}", column=found.column)


def _differ(values: pd.Series, others: pd.Series) -> bool:
    return bool((values.astype(object) != others.astype(object)).any())


def _with_organs(
    place: Place, cells: dict[str, pd.Series], raw: RawTable, organs: dict[str, list[str]], report: Report
) -> dict[str, pd.Series]:
    """Return the columns with a column of organs added, in its position in the vocabulary."""
    values, partly = joined_organs(raw.cells, organs)
    named = ", ".join(shown(column) for columns in organs.values() for column in columns)
    report.note(place, f"the columns {named} are read as organs.")
    if partly:
        words = "some of the organs are not recorded; those with a yes are used."
        report.note(place, f"in {count_words(partly, 'row')} {words}", column=named)
    return {name: {**cells, "organs": values}[name] for name in TABLES["patients"] if name in cells or name == "organs"}


def _listed(names: Sequence[str], most: int = 30) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(shown(name) for name in names[:most]) + more

"""Tables with a row per measure (laboratory exports, CDISC SDTM and ADaM, OMOP), as tables with a row per visit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.cohort.canonical_column import Column
from analysis.cohort.names import normalised
from analysis.cohort.vocabulary import VISITS
from analysis.cohort.wording import count_words
from analysis.intake import texts
from analysis.intake.dates import is_date_like
from analysis.intake.headings import named_alike, unit_named
from analysis.intake.noticed import Place, Report, refuse_file, shown
from analysis.intake.numerals import NUMBER, UNCLEAR, comma_style, plain, unmarked
from analysis.intake.raw import RawTable, RowNote
from analysis.intake.shapes import time_columns
from analysis.intake.source import Answers
from analysis.intake.values import is_missing, recorded, where_missing
from analysis.intake.visit_names import VISIT_NAMES

# Headings of the column that tells the measure: names, which the vocabulary can know, before codes.
TESTS = (
    *("param", "lbtest", "qstest", "vstest", "measurement_concept_name", "test_name", "testname", "test_description"),
    *("measure", "measurement", "analyte", "analysis", "lab_test", "labtest", "test", "item", "item_name", "component"),
    *(
        "parameter",
        "parameter_name",
        "variable",
        "assay",
        "examination",
        "laborparameter",
        "untersuchung",
        "messgrosse",
    ),
    *("prueba", "examen", "parametro", "exame", "analyse", "esame", "analisi", "bepaling"),
    *(
        "检验项目",
        "检查项目",
        "项目",
        "项目名称",
        "检验指标",
        "指标",
        "検査項目",
        "検査名",
        "項目",
        "검사명",
        "검사항목",
        "항목",
    ),
    *("paramcd", "lbtestcd", "qstestcd", "vstestcd", "testcd", "test_code", "measurement_source_value", "lab_code"),
    *("loinc", "loinc_code", "measurement_concept_id"),
)
VALUES = (
    *("aval", "lbstresn", "qsstresn", "vsstresn", "stresn", "value_as_number", "numeric_value", "value_numeric"),
    *("lborres", "qsorres", "vsorres", "orres", "result_value", "test_result", "result", "results", "lab_result"),
    *("value", "measured_value", "avalc", "value_source_value"),
    *("wert", "ergebnis", "messwert", "resultado", "valor", "resultat", "valeur", "risultato", "valore", "uitslag"),
    *("结果", "检验结果", "检查结果", "测定值", "值", "結果", "検査結果", "値", "결과", "검사결과", "값"),
)
# The column of units that belongs to a column of values; then headings of any column of units.
UNIT_OF = {
    "aval": "avalu", "lbstresn": "lbstresu", "qsstresn": "qsstresu", "vsstresn": "vsstresu",
    "lborres": "lborresu", "qsorres": "qsorresu", "vsorres": "vsorresu",
}  # fmt: skip
UNITS = (
    *("unit", "units", "unit_source_value", "unit_concept_name", "result_unit", "uom", "einheit", "unidad", "unidades"),
    *("unidade", "unite", "unita", "eenheid", "单位", "單位", "単位", "단위"),
)
CDISC_TIMES = ("avisitn", "avisit", "visitnum", "visit", "adt", "adtm", "ady", "lbdtc", "qsdtc", "vsdtc", "visit_date")
DERIVATION = "dtype"  # how a row of ADaM was derived; blank if it was measured
CLOCK = re.compile(r"(?<=\d)[T ]+\d{1,2}:\d{2}.*$")  # the time of day behind a date
MOST_MEASURES = 300
ONCE = 0.75  # least share of rows with distinct patient, time and measure
NUMBERS = 0.5  # least share of values that are numbers


@dataclass(frozen=True)
class _Roles:
    """The columns of a table with a row per measure: what was measured, its value and unit ("" if there is none)."""

    test: str
    value: str
    unit: str
    keys: tuple[str, ...]


def one_row_a_visit(raw: RawTable, ids: str, answers: Answers) -> RawTable:
    """Return a table of one row per measure with one column per measure instead; any other table unchanged.

    A measure taken twice at one time gets a second row. A measure in several units is converted to one of them.

    Raises
    ------
    CohortError
        If a measure has several units, and one of them is not known.
    """
    roles = _roles(raw, ids, answers)
    if roles is None:
        return raw
    cells = raw.cells
    keys = [texts.parts(_days(cells[key]))[0] for key in roles.keys]
    tests, measures = texts.parts(cells[roles.test])
    repeat = pd.DataFrame(keys).T.assign(test=tests).groupby([*range(len(keys)), "test"]).cumcount().to_numpy()
    places, _ = pd.factorize(pd.MultiIndex.from_arrays([*keys, repeat]))
    first = pd.Series(range(len(cells))).groupby(places).first().to_numpy()
    table = cells.iloc[first][list(roles.keys)].copy()
    values = cells[roles.value].astype(object).to_numpy()
    held_tests = [
        number for number, measure in enumerate(measures) if not is_missing(measure) and (tests == number).any()
    ]
    for number in held_tests:
        rows = np.flatnonzero(tests == number)
        unit, written = _in_one_unit(raw, roles, measures[number], rows, values[rows])
        held = np.full(len(first), "", dtype=object)
        held[places[rows]] = written
        heading = f"{measures[number]} ({unit})" if unit else measures[number]
        table[heading] = texts.as_texts(held, table.index)
    used = (*roles.keys, roles.test, roles.value, roles.unit)
    unused = [column for column in map(str, cells.columns) if column not in used]
    counts = texts.counts(cells[roles.test])
    listed = ", ".join(f"{shown(measures[number])} ({counts[measures[number]]:,})" for number in held_tests)
    note = f"it holds a row a measure; they are read as {count_words(len(table), 'visit')} of the measures {listed}."
    more = f" Not used: {', '.join(map(shown, unused))}." if unused else ""
    nameless = int((texts.where(cells[roles.test], is_missing) & ~texts.where(cells[roles.value], is_missing)).sum())
    lost = f"{count_words(nameless, 'value')} without the name of a measure cannot be used. Add the names."
    doubts = (*raw.doubts, *([lost] if nameless else []))
    return replace(raw, cells=table, notes=(*raw.notes, note + more), doubts=doubts)


def without_derived(raw: RawTable) -> RawTable:
    """Return a table of ADaM without the rows that were derived from others, such as a last value carried forward."""
    names = {normalised(column): column for column in map(str, raw.cells.columns)}
    if DERIVATION not in names or not names.keys() & set(TESTS):
        return raw
    derived = raw.cells[names[DERIVATION]]
    left_out = ~where_missing(derived)
    found = [
        RowNote("left out", int(row), str(how), f'it was derived ("{shown(str(how))}"), not measured. It is left out.')
        for row, how in derived[left_out].items()
    ]
    return replace(raw, cells=raw.cells[~left_out], rows=(*raw.rows, *found)) if found else raw


def _roles(raw: RawTable, ids: str, answers: Answers) -> _Roles | None:
    names = {normalised(column): column for column in reversed([str(column) for column in raw.cells.columns])}
    values = [names[name] for name in VALUES if name in names and _are_numbers(raw.cells[names[name]])]
    tests = [names[name] for name in TESTS if name in names and names[name] != ids]
    if not values or not tests:
        return None
    test = max(tests, key=lambda column: _known_measures(raw.cells[column]))
    value = values[0]
    beside = UNIT_OF.get(normalised(value), "")
    unit = names.get(beside) or next((names[name] for name in UNITS if name in names), "")
    times = [names[name] for name in (*CDISC_TIMES, *VISIT_NAMES) if name in names]
    times += [column for column in time_columns(raw, answers).values() if column not in times]
    keys = tuple(dict.fromkeys(column for column in (ids, *times) if column not in (test, value, unit)))
    distinct = len(recorded(raw.cells[test]))
    if not 0 < distinct <= MOST_MEASURES:
        return None
    if len(keys) == 1:
        _ask_date(raw, (ids, test, value, unit), answers)
        return None
    codes = pd.DataFrame({column: texts.parts(raw.cells[column])[0] for column in (*keys, test)})
    once = len(codes.drop_duplicates()) >= ONCE * len(codes)
    # With a single measure it is a plain table of visits, unless the vocabulary knows the measure.
    several = distinct > 1 or _known_measures(raw.cells[test]) > 0
    return _Roles(test, value, unit, keys) if once and several else None


def _ask_date(raw: RawTable, used: Sequence[str], answers: Answers) -> None:
    """Ask which column is the date of known measures, if there are dates but only under unknown headings."""
    if answers.columns["visits"].get("visit_date", ...) is None or not _known_measures(raw.cells[used[1]]):
        return
    dated = [column for column in map(str, raw.cells.columns) if column not in used and _are_dates(raw.cells[column])]
    if dated:
        report = Report()
        words = "it holds a row a measure. Which column is the date on which it was taken?"
        choices = [(column, len(raw.cells)) for column in dated]
        report.refuse(Place("visits", raw.label), words, column="visit_date", question="column", choices=choices)
        report.stop_if_refused()


def _are_dates(values: pd.Series) -> bool:
    held = [*recorded(values)]
    return bool(held) and sum(map(is_date_like, held)) >= NUMBERS * len(held)


def _days(values: pd.Series) -> pd.Series:
    """Return dates without the time of day, so that all measures of one day are one visit."""
    if not any(CLOCK.search(text) for text in texts.counts(values)):
        return values
    return texts.changed(values, lambda text: CLOCK.sub("", text))


def _are_numbers(values: pd.Series) -> bool:
    counts = recorded(values)
    style = comma_style(counts)
    numbers = sum(count for text, count in counts.items() if NUMBER.fullmatch(plain(unmarked(text)[0], style)))
    return bool(counts) and numbers >= NUMBERS * sum(counts.values())


def _known_measures(tests: pd.Series) -> int:
    """Return the number of measures in a column that the vocabulary knows."""
    return sum(_measure(text) is not None for text in list(texts.counts(tests))[:MOST_MEASURES])


def _measure(name: str) -> Column | None:
    known = (column for column in VISITS.values() if column.name not in ("patient_id", "months", "visit_date"))
    return next((column for column in known if named_alike(name, column)), None)


def _in_one_unit(
    raw: RawTable, roles: _Roles, measure: str, rows: Sequence[int] | np.ndarray, values: np.ndarray
) -> tuple[str, np.ndarray]:
    """Return the unit of a measure ("" if none is given), and its values in this unit as text."""
    if not roles.unit:
        return "", values
    units = raw.cells[roles.unit].iloc[rows].astype(object).to_numpy()
    filled = np.array([not is_missing(value) for value in values])
    held = list(dict.fromkeys(unit.strip() for unit in units[filled] if not is_missing(unit)))
    column = _measure(measure)
    known = {unit: unit_named(unit, column) for unit in held} if column else {}
    if len({known.get(unit) or unit for unit in held}) < 2:
        return (held[0] if held else ""), values
    if column is None or not all(known.values()) or any(is_missing(unit) for unit in units[filled]):
        listed = ", ".join(map(shown, held))
        refuse_file(raw.label, f"{shown(measure)} has several units: {listed}. Give all its values in one of them.")
    factors = {unit: 1.0 if known[unit] == column.unit else column.units[known[unit] or ""] for unit in held}
    style = comma_style(values[filled])
    if style == UNCLEAR:
        words = "has commas that may stand before decimals or between thousands. Write decimals with a point."
        refuse_file(raw.label, f"{shown(measure)} {words}")
    changed = [
        _times(value, factors[unit.strip()], style) if here else value
        for value, unit, here in zip(values, units, filled, strict=True)
    ]
    return column.unit, np.array(changed, dtype=object)


def _times(value: str, factor: float, style: str) -> str:
    """Return a number, such as "<0,1", times a factor and with a decimal point; any other text as it is."""
    written_as, mark = unmarked(value)
    number = plain(written_as, style)
    if not NUMBER.fullmatch(number):
        return value
    times = f"{float(number) * factor:.10g}" if factor != 1.0 else number
    before = mark if value.strip().startswith(mark) else ""
    return f"{before}{times}" if before or not mark else f"{times} {mark}"

"""SRI-4 and BICLA, patient by patient, against tables worked out by hand."""

from analysis import Cohort, bicla, sri_4, sri_4_without_bilag
from analysis.facts.responder_rules import SYSTEMS
from tests.analysis.facts.visit_tables import cohort_of, states_of

Scored = list[tuple[float, float | None, float | None, str]]  # months, SLEDAI, PGA, a grade a system ("." is missing)


def scored(table: dict[str, tuple[Scored, str]]) -> Cohort:
    visits = {
        patient: [
            (months, sledai, pga, *(None if grade == "." else grade for grade in grades))
            for months, sledai, pga, grades in held
        ]
        for patient, (held, _) in table.items()
    }
    return cohort_of(("sledai", "pga", *SYSTEMS), visits)


def expected(table: dict[str, tuple[Scored, str]]) -> dict[str, str]:
    return {patient: told for patient, (_, told) in table.items()}


QUIET = "EEEEEEEEE"
SRI: dict[str, tuple[Scored, str]] = {
    "responds": ([(0, 12, 2.0, "EBEEEEEAE"), (6, 8, 1.5, "EBEEEEEBE"), (12, 2, 0.3, "ECEEEEEDE")], "nCC"),
    "a fall by 3": ([(0, 12, 2.0, QUIET), (6, 9, 1.0, QUIET), (12, 8, 1.0, QUIET)], "nnC"),
    "a rise of PGA by just 0.3": ([(0, 12, 1.0, QUIET), (6, 8, 1.3, QUIET), (12, 8, 1.29, QUIET)], "nnC"),
    "a new A": ([(0, 12, 2.0, "EBEEEEEEE"), (6, 4, 1.0, "EAEEEEEEE"), (12, 4, 1.0, "EEEEEEEAE")], "nnn"),
    "one new B, then two": ([(0, 12, 2.0, QUIET), (6, 4, 1.0, "BEEEEEEEE"), (12, 4, 1.0, "BCEEEEEEB")], "nCn"),
    "a B from an A is not new": (
        [(0, 12, 2.0, "AADEEEEEE"), (6, 4, 1.0, "BBBEEEEEE"), (12, 4, 1.0, "BBBBEEEEE")],
        "nCn",
    ),
    "an A that stays is not new": ([(0, 12, 2.0, "EEEEEEEAE"), (6, 8, 2.0, "EEEEEEEAE")], "nC"),
    "a low baseline": ([(0, 3, 2.0, QUIET), (6, 0, 0.0, QUIET)], "??"),
    "just high enough": ([(0, 4, 2.0, QUIET), (6, 0, 0.0, QUIET)], "nC"),
    "no baseline of PGA": ([(0, 12, None, QUIET), (6, 0, 0.0, QUIET)], "??"),
    "no baseline of a grade": ([(0, 12, 2.0, "EEEEEEEE."), (6, 0, 0.0, QUIET)], "??"),
    "missing parts": (
        [
            (0, 12, 2.0, QUIET),
            (3, 4, 1.0, ".EEEEEEEE"),
            (6, 9, None, QUIET),
            (9, 4, None, QUIET),
            (12, 4, 1.0, ".AEEEEEEE"),
        ],
        "n?n?n",
    ),
}
BY_BICLA: dict[str, tuple[Scored, str]] = {
    "responds": ([(0, 12, 2.0, "EBEEEEEAE"), (6, 12, 2.3, "ECEEEEEBE"), (12, 2, 0.3, "EDEEEEEDE")], "nCC"),
    "a B that stays": ([(0, 12, 2.0, "EBEEEEEAE"), (6, 4, 1.0, "EBEEEEEBE")], "nn"),
    "an A that stays": ([(0, 12, 2.0, "EBEEEEEAE"), (6, 4, 1.0, "ECEEEEEAE")], "nn"),
    "a B that became A": ([(0, 12, 2.0, "EBEEEEEEE"), (6, 4, 1.0, "EAEEEEEEE")], "nn"),
    "SLEDAI rises by a point": ([(0, 12, 2.0, "EBEEEEEEE"), (6, 13, 1.0, "ECEEEEEEE")], "nn"),
    "PGA rises by 0.31": ([(0, 12, 2.0, "EBEEEEEEE"), (6, 12, 2.31, "ECEEEEEEE")], "nn"),
    "one new B, then two": ([(0, 12, 2.0, "AEEEEEEEE"), (6, 4, 1.0, "BEEEEBEEE"), (12, 4, 1.0, "BBEEEBEEE")], "nCn"),
    "nothing to improve": ([(0, 12, 2.0, "CCDEEEEEE"), (6, 4, 1.0, QUIET)], "??"),
    "no baseline of a grade": ([(0, 12, 2.0, "AEEEEEEE."), (6, 4, 1.0, QUIET)], "??"),
    "missing parts": (
        [(0, 12, 2.0, "BEEEEEEEE"), (3, 4, 1.0, ".EEEEEEEE"), (6, 4, 1.0, "BEEEEEEE."), (9, None, 1.0, "CEEEEEEEE")],
        "n?n?",
    ),
}


def test_sri_4() -> None:
    assert states_of(scored(SRI), sri_4()) == expected(SRI)


def test_sri_4_without_bilag() -> None:
    easier = {
        "a new A": "nCC",
        "one new B, then two": "nCC",
        "a B from an A is not new": "nCC",
        "no baseline of a grade": "nC",
        "missing parts": "nCn?C",
    }
    assert states_of(scored(SRI), sri_4_without_bilag()) == expected(SRI) | easier
    assert sri_4_without_bilag().not_applied(scored(SRI)) == ("no new BILAG A and no more than one new B",)


def test_bicla() -> None:
    assert states_of(scored(BY_BICLA), bicla()) == expected(BY_BICLA)


def test_they_name_their_missing_columns() -> None:
    cohort = cohort_of(("sledai", "pga", *SYSTEMS[:-1]), {"a": [(0, 12, 2.0, *QUIET[:-1])]})
    assert sri_4().missing_columns(cohort) == bicla().missing_columns(cohort) == SYSTEMS[-1:]
    assert sri_4_without_bilag().missing_columns(cohort) == ()

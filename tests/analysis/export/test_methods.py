"""The paragraph on methods: proper sentences, and references for the methods used and no others."""

import importlib
import pkgutil
import re
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, get_type_hints

import pandas as pd
import pytest

import analysis.estimates
from analysis import (
    Filters,
    OneOf,
    Response,
    SmallNumbers,
    adverse_events,
    baseline_table,
    bicla,
    cumulative_incidence,
    doris_2021,
    doris_off_treatment,
    follow_up,
    hazard_ratios,
    kaplan_meier,
    lldas,
    log_rank,
    read_cohort,
    renal_flare_kdigo_2012,
    renal_response_eular_2019,
    renal_response_kdigo_2024,
    renal_response_msc_role,
    renal_response_ranjbar_2022,
    restricted_mean,
    share_of_time,
    sledai_at_most,
    sri_4,
    sri_4_without_bilag,
    time_in_remission,
    trajectory,
    without_steroids,
    yearly_relapse,
    yearly_remission,
)
from analysis.centres.comparable import POOLS, Papers
from analysis.centres.published_list import published_facts
from analysis.cohort.grouping import Grouping
from analysis.cohort.question import NUMBER, ORGAN, Pin, Question
from analysis.estimates.description.deaths import deaths
from analysis.estimates.scores.change_differences import change_differences
from analysis.estimates.scores.cumulative_dose import cumulative_dose
from analysis.estimates.scores.dropout import dropout
from analysis.estimates.scores.mixed_model import mixed_model
from analysis.estimates.scores.response_share import response_share
from analysis.estimates.scores.severity_bands import severity_bands
from analysis.estimates.states.state_counts import state_counts
from analysis.estimates.states.state_probabilities import state_probabilities
from analysis.estimates.survival.curve_differences import curve_differences
from analysis.estimates.survival.mean_relapses import mean_relapses
from analysis.estimates.survival.relapse_gaps import relapse_gaps
from analysis.estimates.survival.relapse_rates import relapse_rates
from analysis.estimates.survival.turnbull import turnbull
from analysis.estimates.yearly.maturity import maturity
from analysis.estimates.yearly.reclassified import reclassified
from analysis.estimates.yearly.relapse_counts import relapse_counts
from analysis.estimates.yearly.remission_range import remission_range
from analysis.estimates.yearly.share_differences import share_differences
from analysis.export.account import Account
from analysis.export.accounts import ACCOUNTS, account, accounts_of
from analysis.export.accounts_of_curves import OF_RECONSTRUCTED
from analysis.export.accounts_of_years import OF_CENTRE_SHARES, OF_CENTRE_SURVIVAL, of_published
from analysis.export.methods import Methods, methods
from analysis.export.papers import PAPERS, cite, numbered
from analysis.export.sharing import Sharing
from analysis.facts.endpoints import Landmark
from analysis.facts.relapse import rise_after_remission, selena_flare
from analysis.figures.common.estimate import Estimate
from analysis.listings.lanes import lanes
from tests.analysis.export.exhibits import (
    SAMPLE,
    beside,
    incidence,
    ledger,
    relapses,
    remission,
    scores,
    states,
    survival,
    ways,
)

BY = {"by": "msc_source"}
FLARES = selena_flare()


def told(function: Callable[..., Any], *choices: object, cohort: Any = SAMPLE, **options: object) -> Account:
    """Return the account of an estimate; it does not depend on the result, except for the named attributes."""
    result = SimpleNamespace(method="", kind=options.pop("kind", ""), numbers=options.pop("numbers", None))
    return account(Estimate(result, function, cohort, choices, options))


def paragraph(*accounts: Account, question: Question = Question(), **options: Any) -> Methods:
    asked = question.of(SAMPLE)
    return methods(asked, question.filters.words(), accounts, options.pop("synthetic", True), **options)


def keys(text: Methods) -> set[str]:
    return {key for key, paper in PAPERS.items() if paper in text.references}


WITH_LIMITS = read_cohort(
    pd.DataFrame({"patient_id": ["a", "b"], "follow_up_months": [20, 30], "died": [0, 1]}),
    pd.DataFrame({"patient_id": ["a", "b", "b"], "months": [0, 0, 12], "crp": ["<1", "3", "5"]}),
)
FOUR_LEVELS = pd.DataFrame({"kind": "levels", "characteristic": "centre", "level": list("abcd")})
TWO_LEVELS = FOUR_LEVELS.head(2)
POOLING = {"stijnen2010", "higgins2009"}
PALE = {"schemper1996"}  # for pale years
# The call, and the papers that it should cite.
CASES: dict[str, tuple[Account, set[str]]] = {
    "survival": (told(kaplan_meier), {"kaplan1958", "greenwood1926", "kalbfleisch2002", "fay2013"}),
    "survival, log": (told(kaplan_meier, interval="log"), {"kaplan1958", "greenwood1926", "fay2013"}),
    "survival, plain": (told(kaplan_meier, interval="plain"), {"kaplan1958", "greenwood1926", "fay2013"}),
    "survival, exact": (told(kaplan_meier, interval="exact"), {"kaplan1958", "fay2013"}),
    "landmark": (
        told(kaplan_meier, Landmark("overall_survival", 12), interval="exact"),
        {"kaplan1958", "fay2013", "anderson1983"},
    ),
    "incidence": (told(cumulative_incidence), {"aalen1978", "fay2013"}),
    "incidence by group": (told(cumulative_incidence, **BY), {"aalen1978", "fay2013", "gray1988"}),
    "log-rank": (told(log_rank, **BY), {"mantel1966"}),
    "Gehan": (told(log_rank, **BY, weights="gehan"), {"gehan1965"}),
    "Tarone-Ware": (told(log_rank, **BY, weights="tarone-ware"), {"tarone1977"}),
    "Peto": (told(log_rank, **BY, weights="peto"), {"peto1972"}),
    "Fleming-Harrington": (told(log_rank, **BY, weights="fleming-harrington"), {"harrington1982"}),
    "powers": (told(log_rank, **BY, weights=(0, 1)), {"harrington1982"}),
    "trend": (told(log_rank, **BY, trend=True), {"mantel1966", "tarone1975"}),
    "strata": (told(log_rank, **BY, stratify="sex"), {"mantel1966"}),
    "pairs": (told(log_rank, **BY, pairwise=True), {"mantel1966", "holm1979"}),
    "pairs, false discoveries": (
        told(log_rank, **BY, pairwise=True, adjust="benjamini-hochberg"),
        {"mantel1966", "benjamini1995"},
    ),
    "hazard ratio": (told(hazard_ratios, **BY), {"cox1972", "efron1977", "grambsch1994"}),
    "covariates": (
        told(hazard_ratios, "relapse", covariates=["age_years", "sex", Grouping("renal")]),
        {"cox1972", "efron1977", "grambsch1994"},
    ),
    "restricted mean": (told(restricted_mean, months=24), {"royston2013", "kaplan1958"}),
    "restricted means": (told(restricted_mean, months=24, **BY), {"royston2013", "kaplan1958", "holm1979"}),
    "time lost": (told(restricted_mean, "relapse", months=24), {"royston2013", "aalen1978"}),
    "curve differences": (told(curve_differences, **BY, months=[12, 24]), {"zou2008"}),
    "follow-up": (told(follow_up), {"schemper1996"}),
    "maturity": (told(maturity, years=[1, 2]), {"schemper1996"}),
    "deaths": (told(deaths), {"clopper1934"}),
    "adverse events": (told(adverse_events), {"clopper1934", "garwood1936"}),
    "baseline": (told(baseline_table), set()),
    "baseline by group": (told(baseline_table, **BY, numbers=TWO_LEVELS), {"austin2009"}),
    "baseline by group, levels": (told(baseline_table, **BY, numbers=FOUR_LEVELS), {"austin2009", "yang2012"}),
    "remission": (told(yearly_remission), {"wilson1927", *PALE}),
    "remission, exact": (told(yearly_remission, interval="clopper-pearson"), {"clopper1934", *PALE}),
    "deaths counted": (told(yearly_remission, estimand="deaths_counted"), {"wilson1927", *PALE}),
    "all due": (told(yearly_remission, estimand="all_due", response="any"), {"wilson1927", *PALE}),
    "ever": (told(yearly_remission, estimand="ever"), {"aalen1978", *PALE}),
    "current": (told(yearly_remission, estimand="current"), {"aalen1978", *PALE}),
    "SLEDAI at most 4": (told(yearly_remission, rule=sledai_at_most(4, 10)), {"wilson1927", *PALE}),
    "DORIS": (told(yearly_remission, rule=doris_2021()), {"wilson1927", "vollenhoven2021", *PALE}),
    "LLDAS": (told(yearly_remission, rule=lldas()), {"wilson1927", "franklyn2016", *PALE}),
    "KDIGO": (told(yearly_remission, rule=renal_response_kdigo_2024()), {"wilson1927", "kdigo2024", *PALE}),
    "EULAR": (
        told(yearly_remission, rule=renal_response_eular_2019(), response="any"),
        {"wilson1927", "fanouriakis2020", "bertsias2012", *PALE},
    ),
    "Ranjbar": (
        told(yearly_remission, rule=without_steroids(renal_response_ranjbar_2022())),
        {"wilson1927", "ranjbar2022", *PALE},
    ),
    "MSC-ROLE": (told(yearly_remission, rule=renal_response_msc_role()), {"wilson1927", "mscrole2019", *PALE}),
    "SRI-4": (told(yearly_remission, rule=sri_4()), {"wilson1927", "furie2009", *PALE}),
    "SRI-4, BILAG absent": (told(yearly_remission, rule=sri_4_without_bilag()), {"wilson1927", "furie2009", *PALE}),
    "BICLA": (told(yearly_remission, rule=bicla()), {"wilson1927", "wallace2014", *PALE}),
    "DORIS off treatment": (
        told(yearly_remission, rule=doris_off_treatment()),
        {"wilson1927", "vollenhoven2017", *PALE},
    ),
    "renal flares": (told(yearly_relapse, rule=renal_flare_kdigo_2012()), {"wilson1927", "kdigo2012", *PALE}),
    "relapse": (told(yearly_relapse), {"wilson1927", *PALE}),
    "relapse at risk": (told(yearly_relapse, estimand="at_risk", window_months=2), {"wilson1927", *PALE}),
    "relapse rate": (told(yearly_relapse, estimand="rate"), {"garwood1936", *PALE}),
    "relapse, cumulative": (told(yearly_relapse, estimand="cumulative"), {"aalen1978", *PALE}),
    "flares": (told(yearly_relapse, rule=FLARES), {"wilson1927", "petri2005", *PALE}),
    "rises": (told(yearly_relapse, rule=rise_after_remission(3), estimand="rate"), {"garwood1936", *PALE}),
    "differences": (told(share_differences, cohort=SAMPLE, kind="proportion"), {"newcombe1998"}),
    "differences of rates": (told(share_differences, cohort=SAMPLE, kind="rate"), {"zou2008"}),
    **{
        f"published, {pooled}": (of_published(Papers(published_facts(), pooled)), {"clopper1934", *POOLING})
        for pooled in POOLS
    },
    "range": (told(remission_range), set()),
    "reclassified": (told(reclassified, sledai_at_most(4)), set()),
    "states": (told(state_counts), set()),
    "lanes": (told(lanes, rule=bicla()), set()),
    "probabilities": (told(state_probabilities, months=[12]), {"aalen1978"}),
    "time in remission": (told(time_in_remission, months=24), {"aalen1978"}),
    "times in remission": (told(time_in_remission, months=24, **BY), {"aalen1978", "holm1979"}),
    "share of time": (told(share_of_time), {"cochran1977"}),
    "relapse counts": (told(relapse_counts), set()),
    "mean relapses": (told(mean_relapses), {"ghosh2000"}),
    "mean relapses, flares": (told(mean_relapses, rule=FLARES), {"ghosh2000", "petri2005"}),
    "relapse rates": (told(relapse_rates, **BY), {"lin2000", "lawless1987"}),
    "between visits": (told(turnbull), {"turnbull1976"}),
    "relapse gaps": (told(relapse_gaps), set()),
    "scores": (told(trajectory, "albumin_g_per_l"), set()),
    "changes": (told(trajectory, "albumin_g_per_l", change=True, same_patients=True), set()),
    "percent": (told(trajectory, change="percent", centre="median", spread="iqr"), set()),
    "geometric": (told(trajectory, "proteinuria_g_per_24h", centre="geometric mean"), {"bland1996"}),
    "values at a limit": (told(trajectory, "crp", cohort=WITH_LIMITS), set()),
    "values at a limit left out": (told(trajectory, "crp", cohort=WITH_LIMITS, at_limit="left out"), set()),
    "values at half a limit": (told(trajectory, "crp", cohort=WITH_LIMITS, at_limit="halved"), {"hornung1990"}),
    "drop-out": (told(dropout, window_months=1.5), {"diggle1994"}),
    "change differences": (told(change_differences, **BY), {"welch1947"}),
    "falls": (told(response_share), {"wilson1927", "furie2009"}),
    "falls of another size": (told(response_share, response=Response("fall", 8)), {"wilson1927"}),
    "rises of albumin": (told(response_share, "albumin_g_per_l", response=Response("rise", 5)), {"wilson1927"}),
    "falls by 7": (told(response_share, response=Response("fall", 7)), {"wilson1927", "furie2014"}),
    **{
        f"response of {measure}": (told(response_share, measure), {"wilson1927", paper})
        for measure, paper in {
            "albumin_g_per_l": "dati1996",
            "platelets_10e9_per_l": "kratz2004",
            "prednisone_mg_per_day": "franklyn2016",
            "proteinuria_g_per_24h": "fanouriakis2020",
            "urine_red_cells_per_hpf": "gladman2002",
        }.items()
    },
    "eGFR that is computed": (told(trajectory, "egfr_ml_per_min_per_1_73m2"), {"inker2021"}),
    "bands": (told(severity_bands), {"wilson1927", "cook2000"}),
    "British bands": (told(severity_bands, scheme="bsr"), {"wilson1927", "gordon2018"}),
    "Malaysian bands": (told(severity_bands, scheme="malaysia"), {"wilson1927", "malaysia2024"}),
    "reconstructed": (OF_RECONSTRUCTED, {"guyot2012"}),
    "centres by year": (OF_CENTRE_SHARES, {"clopper1934", *POOLING}),
    "centres at a month": (OF_CENTRE_SURVIVAL, {"greenwood1926", *POOLING}),
    "cumulative dose": (told(cumulative_dose, months=12), set()),
    "mixed model": (told(mixed_model), {"laird1982"}),
}
SETS: dict[str, tuple[Callable[[Any], Any], set[str]]] = {
    "survival": (survival, {"kaplan1958", "greenwood1926", "kalbfleisch2002", "fay2013", "mantel1966", "zou2008"}),
    "incidence": (
        incidence,
        {"aalen1978", "gray1988", "fay2013", "kaplan1958", "zou2008"},
    ),  # with one minus Kaplan-Meier
    "remission": (remission, {"wilson1927", "newcombe1998", *PALE}),
    "ways": (ways, {"wilson1927", "garwood1936", "aalen1978", *PALE}),
    "relapses": (relapses, {"ghosh2000", "zou2008", "lin2000", "lawless1987"}),
    "beside": (beside, {"wilson1927", "clopper1934", *POOLING, *PALE}),
    "ledger": (ledger, {"wilson1927", *PALE}),
    "states": (states, set()),
    "scores": (scores, {"diggle1994", "welch1947"}),
}
WITHOUT_PATIENTS = {"synthetic": False}


@pytest.mark.parametrize("name", CASES)
def test_each_estimate_cites_its_papers_and_no_others(name: str) -> None:
    disclosed_part, expected = CASES[name]
    assert keys(paragraph(disclosed_part, **WITHOUT_PATIENTS)) == expected


@pytest.mark.parametrize("name", SETS)
def test_each_figure_cites_the_papers_of_its_estimates(name: str) -> None:
    draw, expected = SETS[name]
    shown = SimpleNamespace(drawing=draw(Question(compare="msc_source").of(SAMPLE)))
    assert keys(paragraph(*accounts_of(shown), **WITHOUT_PATIENTS)) == expected  # type: ignore[arg-type]


def test_every_paper_is_cited_by_some_method() -> None:
    used = {paper for _, papers in CASES.values() for paper in papers}
    assert used | {"wang2013"} == set(PAPERS)


def test_every_estimate_has_an_account() -> None:
    """A new estimate needs its sentences."""
    estimates = set()
    for module in pkgutil.walk_packages(analysis.estimates.__path__, "analysis.estimates."):
        held = importlib.import_module(module.name)
        for name, function in vars(held).items():
            if callable(function) and not name.startswith("_") and getattr(function, "__module__", "") == held.__name__:
                result = None if isinstance(function, type) else get_type_hints(function).get("return")
                if isinstance(result, type) and {"method", "question"} <= set(getattr(result, "__annotations__", ())):
                    estimates.add(function)
    # Shares that are pooled, of papers and of centres, and reconstructed curves are told with their figures.
    others = {"pool_shares", "pooled_shares", "pool_survival", "reconstruct"}
    assert {held.__name__ for held in estimates - set(ACCOUNTS)} == others


def sentences(text: str) -> list[str]:
    return re.split(r"(?<=[.)]) (?=[A-Z])", text)


VERB = re.compile(
    r"\b(was|were|is|are|have|has|hold|stood|shows|counted|analysed|met|may|takes?|could|described|given)\b"
)
BROKEN = re.compile(r"None\b|\bnan\b|\(\)|\[\]|  | [.,;:]|\.\.|[{}]|_|[\ue000\ue001]")


@pytest.mark.parametrize("comparison", ["", "msc_source"])
@pytest.mark.parametrize("name", CASES)
def test_sentences_are_complete(name: str, comparison: str) -> None:
    made = paragraph(CASES[name][0], question=Question(compare=comparison), followed=follow_up(SAMPLE))
    for sentence in sentences(made.paragraph):
        assert sentence.endswith("."), sentence
        assert sentence[0].isupper(), sentence
        assert VERB.search(sentence), sentence
        assert not BROKEN.search(sentence), sentence
    numbers = [int(each) for held in re.findall(r"\[([\d, ]+)\]", made.paragraph) for each in held.split(", ")]
    assert list(dict.fromkeys(numbers)) == list(range(1, len(made.references) + 1))


def test_methods_give_selection_comparison_and_follow_up() -> None:
    question = Question(Filters({"sex": OneOf("female")}), compare="msc_source")
    words = paragraph(question=question, followed=follow_up(SAMPLE)).paragraph
    assert "Patients were compared by MSC source (BM, UC)." in words
    assert "Only those who met these conditions were included: Sex female." in words
    assert "by the reverse Kaplan-Meier method [2] was 25.8 months (95 % confidence interval" in words
    pinned = Question(Filters({"msc_source": OneOf("UC")}), "pinned", pin=Pin(Filters()))
    assert "Two selections were compared: all patients and UC (MSC source UC)." in paragraph(question=pinned).paragraph
    other = paragraph(question=Question(Filters({"msc_source": OneOf("UC")}), "everybody_else")).paragraph
    assert "We analysed 87 of 87 patients" in other
    assert "No patient was left out by a filter." in other
    assert "compared with everybody else. UC (42): MSC source UC. Everybody else (45): all other patients." in other
    assert "No groups were compared." in paragraph().paragraph
    organ = paragraph(question=Question(compare=f"{ORGAN}renal")).paragraph
    assert "Patients were compared by renal involvement (no renal, renal)." in organ
    cut = paragraph(question=Question(compare=f"{NUMBER}age_years", cut="30")).paragraph
    assert "Patients were compared by age (age below 30 years, age 30 years or more)." in cut


def test_methods_give_how_a_cohort_was_selected_before_it_was_opened() -> None:
    opened = replace(SAMPLE, settled=("Age 18 to 60 years",))
    included = "Only those who met these conditions were included: Age 18 to 60 years."
    filters = Filters({"msc_source": OneOf("UC")})
    for question in (Question(filters, "everybody_else"), Question(filters, "pinned", pin=Pin(Filters()))):
        words = methods(question.of(opened), (), [], False).paragraph
        assert included in words
        assert "left out by a filter" not in words


def test_a_median_that_is_not_reached_is_stated() -> None:
    dead = read_cohort(pd.DataFrame({"patient_id": range(9), "follow_up_months": range(1, 10), "died": 1}))
    assert "was not reached (range 1.0 to 9.0)." in paragraph(followed=follow_up(dead)).paragraph


def test_shared_methods_contain_no_times_of_patients() -> None:
    words = paragraph(followed=follow_up(SAMPLE), sharing=Sharing(least=5)).paragraph
    assert "25.8" not in words
    assert "Follow-up was counted from transplantation" in words


def test_methods_give_the_chosen_rule_for_small_numbers() -> None:
    words = paragraph(told(log_rank, **BY, limits=SmallNumbers(events=7, patients=12))).paragraph
    assert f"P-values and ratios were {SmallNumbers(events=7, patients=12).words()}." in words
    assert "P-values" not in paragraph(told(yearly_remission)).paragraph


@pytest.mark.parametrize(("name", "package"), [("covariates", "lifelines"), ("mixed model", "statsmodels")])
def test_a_package_is_named_if_it_was_used(name: str, package: str) -> None:
    if package == "statsmodels":
        pytest.importorskip(package)
    assert f"{package} " in paragraph(CASES[name][0]).paragraph
    for other in set(CASES) - {name}:
        assert package not in paragraph(CASES[other][0]).paragraph or other in ("mixed model", "covariates")


def test_methods_give_windows_and_missing_data() -> None:
    words = paragraph(told(yearly_remission, window_months=2), told(trajectory)).paragraph
    assert "at most 2 months before or after it, stood for that year." in words
    assert "Each patient's visit nearest to months 0, 1, 3, 6, 12, 24, 36 and 48, up to half-way to the next" in words
    assert "Patients without a visit near the end of a year were not counted in that year." in words


def test_papers_are_numbered_in_order_of_appearance() -> None:
    text, papers = numbered(f"One{cite('wilson1927')}, two{cite('cox1972', 'wilson1927')}, one{cite('wilson1927')}.")
    assert text == "One [1], two [1, 2], one [1]."
    assert [paper.split()[0] for paper in papers] == ["Wilson", "Cox"]
    assert numbered("\ue000no such paper\ue001")[1] == ()
    with pytest.raises(KeyError):
        cite("nobody2000")

"""One patient as text, without missing values."""

from analysis import read_cohort
from analysis.figures.description.patient_tables import patient_facts, patient_findings, patient_visits
from tests.analysis.made import SAMPLE


def test_one_patient_of_the_sample() -> None:
    sample = SAMPLE
    facts = patient_facts(sample, "S020")
    told = dict(zip(facts["Patient"], facts["S020"], strict=True))
    assert (told["Died"], told["MSC source"], told["Follow-up (months)"]) == ("no", "UC", "21.4")
    assert "Cause of death" not in told
    visits = patient_visits(sample, "S020")
    assert visits["SLEDAI (points)"].tolist() == ["21", "14", "8", "3"]
    assert set(visits["Relapse"]) == {"no"}
    assert patient_findings(sample, "S020").empty


def test_findings_of_one_patient() -> None:
    cohort = read_cohort(b"patient_id,follow_up_months,died\na,12,0\nb,twelve,0\n")
    findings = patient_findings(cohort, "b")
    assert findings["Row"].tolist() == ["3"]

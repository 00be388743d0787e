"""The public cohorts that the reference figures are of, each brought to the same columns.

``python tests/analysis/reference/cohorts.py DIRECTORY`` writes them as files for ``reference.R``; their rows are not
kept in the repository. Where a cohort has no second cause, stratum or number, one is made of the row numbers: a
reference figure needs the same data on both sides and no meaning.
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
from lifelines import datasets

# patient_id, months, status (0 censored, 1 event, 2 competing), entry_months, arm, stratum, x
COLUMNS = ["patient_id", "months", "status", "entry_months", "arm", "stratum", "x"]


def lupus() -> pd.DataFrame:
    """99 patients with lupus (Merrell and Shulman 1955): continuous times."""
    table = datasets.load_lupus()
    return _columns(
        months=12 * table["time_between_diagnosis_and_last_observation_(years)"],
        event=table["dead"],
        arm=np.where(table["is_male"], "male", "female"),
        stratum=np.where(table["is_white"], "white", "other"),
        x=table["age_at_diagnosis"],
        second_cause_every=3,
    )


def waltons() -> pd.DataFrame:
    """163 flies in whole days: many ties."""
    table = datasets.load_waltons()
    return _columns(months=table["T"], event=table["E"], arm=table["group"], second_cause_every=4)


def gbsg2() -> pd.DataFrame:
    """686 women with breast cancer by grade of the tumour."""
    table = datasets.load_gbsg2()
    return _columns(
        months=table["time"] / 30.4375,
        event=table["cens"],
        arm="grade " + table["tgrade"],
        stratum=table["horTh"],
        x=table["age"],
        second_cause_every=4,
    )


def larynx() -> pd.DataFrame:
    """90 men with cancer of the larynx by stage: four groups in order."""
    table = datasets.load_larynx()
    stage = 1 + table[["Stage_II", "Stage_III", "Stage_IV"]].to_numpy() @ [1, 2, 3]
    return _columns(
        months=12 * table["time"],
        event=table["death"],
        arm=pd.Series(stage).map("stage {}".format),
        stratum=np.where(table["age"] > 65, "old", "young"),
        x=table["age"],
        second_cause_every=5,
    )


def kidney() -> pd.DataFrame:
    """863 kidney transplantations in steps of 100 days: ties everywhere, events and censorings at the same times."""
    table = datasets.load_kidney_transplant()
    arms = [table["black_male"] == 1, table["white_male"] == 1, table["black_female"] == 1]
    return _columns(
        months=np.ceil(table["time"] / 100),
        event=table["death"],
        arm=np.select(arms, ["black men", "white men", "black women"], "white women"),
        stratum=np.where(table["age"] > 45, "old", "young"),
        x=table["age"],
        second_cause_every=3,
    )


def aids() -> pd.DataFrame:
    """78 men of whom some came under observation late: left truncation."""
    table = datasets.load_multicenter_aids_cohort_study()
    return _columns(
        months=12 * table["T"],
        event=table["D"],
        entry=12 * table["W"],
        arm=np.where(table["AIDSY"] < 1995, "before 1995", "from 1995"),
        x=table["AIDSY"],
        second_cause_every=4,
    )


COHORTS = {cohort.__name__: cohort for cohort in (lupus, waltons, gbsg2, larynx, kidney, aids)}


def _columns(
    months: pd.Series,
    event: pd.Series,
    arm: object,
    second_cause_every: int,
    stratum: object = None,
    x: pd.Series | None = None,
    entry: pd.Series | float = 0.0,
) -> pd.DataFrame:
    row = np.arange(len(months))
    happened = np.asarray(event, dtype=bool)
    status = np.where(happened, np.where(row % second_cause_every == 0, 2, 1), 0)
    return pd.DataFrame(
        {
            "patient_id": [f"p{number}" for number in row],
            "months": np.round(np.asarray(months, dtype=float), 6),
            "status": status,
            "entry_months": np.round(np.broadcast_to(np.asarray(entry, dtype=float), len(row)), 6),
            "arm": np.asarray(arm),
            "stratum": np.where(row % 2 == 0, "even", "odd") if stratum is None else np.asarray(stratum),
            "x": (7 * row % 11) if x is None else np.asarray(x),
        }
    )


if __name__ == "__main__":
    for name, cohort in COHORTS.items():
        cohort().to_csv(Path(sys.argv[1]) / f"{name}.csv", index=False)

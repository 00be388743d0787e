"""Write the synthetic sample cohort: ``python sample_data/build.py [folder]``.

87 simulated patients. Their counts equal the figures published by Wang et al. (2013); organ involvement, prior drugs
and the course of SLEDAI follow Wen et al. (2019). The rest is random, and no row is a real person.

Each published count is met exactly: the eligible patients with the highest score (a latent response to treatment plus
noise) are chosen. The same seed gives the same bytes.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd

SEED = 2013
PATIENTS = 87
MEAN_FOLLOW_UP = 27.0
LONGEST_FOLLOW_UP = 48.9
# Wang 2013, by year after transplantation: numbers of patients assessed, in complete remission, with a first relapse.
PUBLISHED = {1: (83, 23, 10), 2: (39, 12, 7), 3: (12, 5, 2), 4: (6, 3, 1)}
# Wen 2019, numbers of 69 patients.
ORGANS = {
    "renal": 64, "musculoskeletal": 49, "skin": 44, "haematological": 32, "constitutional": 25,
    "cardiorespiratory": 19, "serositis": 17, "vasculitis": 14, "mucosal": 12, "neuropsychiatric": 5,
}  # fmt: skip
EARLIER_DRUGS = {"cyclophosphamide": 47, "mycophenolate": 19, "hydroxychloroquine": 31}
DEATHS = {4.6: "infection", 8.3: "lupus nephritis", 17.4: "infection", 28.9: "heart failure",
          40.7: "pulmonary hypertension"}  # fmt: skip
LOST_EARLY = 7.1
LATER_RELAPSES = 5  # after the first of a patient
NUMBER_OF_EVENTS = 38
ADVERSE_EVENTS = {  # by how often one is drawn
    "upper respiratory infection": 12, "urinary tract infection": 6, "herpes zoster": 6, "pneumonia": 4,
    "diarrhoea": 5, "fever": 3, "oral candidiasis": 2,
}  # fmt: skip
# Unit, doses, chance to be taken until the end of follow-up, and to have ended before transplantation.
DRUGS: dict[str, tuple[str, list[float], float, float]] = {
    "cyclophosphamide": ("mg/month", [600, 800, 1000], 0.0, 0.6),
    "mycophenolate": ("g/day", [1.0, 1.5, 2.0], 0.4, 0.3),
    "hydroxychloroquine": ("mg/day", [200, 400], 0.85, 0.1),
}  # fmt: skip
# The weights of SLEDAI-2K (Gladman et al. 2002).
WEIGHTS = {
    "seizure": 8, "psychosis": 8, "organic_brain_syndrome": 8, "visual_disturbance": 8, "cranial_nerve_disorder": 8,
    "lupus_headache": 8, "cerebrovascular_accident": 8, "vasculitis": 8, "arthritis": 4, "myositis": 4,
    "urinary_casts": 4, "haematuria": 4, "proteinuria": 4, "pyuria": 4, "rash": 2, "alopecia": 2, "mucosal_ulcers": 2,
    "pleurisy": 2, "pericarditis": 2, "low_complement": 2, "increased_dna_binding": 2, "fever": 1,
    "thrombocytopenia": 1, "leukopenia": 1,
}  # fmt: skip
# The organs that each of them is of, without the two of serology.
ITEMS_OF = {
    **dict.fromkeys([*WEIGHTS][:7], ("neuropsychiatric",)), "vasculitis": ("vasculitis",),
    **dict.fromkeys(["arthritis", "myositis"], ("musculoskeletal",)),
    **dict.fromkeys(["urinary_casts", "haematuria", "proteinuria", "pyuria"], ("renal",)),
    **dict.fromkeys(["rash", "alopecia"], ("skin",)), "mucosal_ulcers": ("mucosal",),
    **dict.fromkeys(["pleurisy", "pericarditis"], ("serositis", "cardiorespiratory")),
    "fever": ("constitutional",), **dict.fromkeys(["thrombocytopenia", "leukopenia"], ("haematological",)),
}  # fmt: skip
# Beside those of weight 1 these may be of any patient, at so many visits at most.
OF_ANYBODY, MOST_ELSEWHERE = ("arthritis", "rash", "alopecia", "mucosal_ulcers"), 12
# Items that a measurement shows: above its limit, or below it.
ABOVE = {"proteinuria": ("proteinuria_g_per_24h", 0.5)}
BELOW = {"thrombocytopenia": ("platelets_10e9_per_l", 100)}
LOST = 17
STUDY_ENDED = 2011.75

# Scheduled month: SD of the actual months, attendance, and latent response needed for complete and partial remission.
EARLY_VISITS = {
    0: (0.0, 1.0, 9.0, 9.0), 1: (0.1, 0.95, 2.6, 1.0), 3: (0.25, 0.92, 1.7, 0.2), 6: (0.4, 0.88, 1.1, -0.3),
}  # fmt: skip
# Yearly visits are within this many months of 12, 24, ...; a visit within 3 months counts as assessed.
WINDOW_MARGIN = 2.0
PREDNISONE_LEFT = {0: 1.0, 1: 0.8, 3: 0.6, 6: 0.42, 12: 0.3, 24: 0.22, 36: 0.2, 48: 0.18}


def highest(score: np.ndarray, eligible: np.ndarray, count: int) -> np.ndarray:
    """Mark the `count` eligible patients with the highest score."""
    if eligible.sum() < count:
        raise ValueError(f"a quota of {count} cannot be filled from {eligible.sum()} patients")
    chosen = np.zeros(len(score), dtype=bool)
    chosen[np.argsort(np.where(eligible, score, -np.inf))[-count:]] = True
    return chosen


def draw_follow_up(rng: np.random.Generator) -> pd.DataFrame:
    """Draw how long each patient is followed and why that ended, in the order of transplantation."""
    fixed = np.array([*DEATHS, LOST_EARLY])
    others = 12.2 + (LONGEST_FOLLOW_UP - 12.2) * rng.beta(0.7, 0.85, PATIENTS - len(fixed))
    # In whole tenths, so that the published mean is met exactly.
    tenths = np.round(10 * np.sort(others)).astype(int)
    short = round(10 * (MEAN_FOLLOW_UP * PATIENTS - fixed.sum())) - tenths.sum()
    middle = np.flatnonzero((tenths > 150) & (tenths < 450))
    np.add.at(tenths, np.resize(middle, abs(short)), np.sign(short))

    follow_up = np.concatenate([fixed, tenths / 10])
    died = np.arange(PATIENTS) < len(DEATHS)
    others_at = np.arange(PATIENTS) >= len(fixed)
    lost = highest(rng.normal(size=PATIENTS), others_at & (follow_up < 44), LOST) | (follow_up == LOST_EARLY)
    ended = np.select([died, lost], ["died", "lost"], "ongoing")
    # A patient still in follow-up was transplanted that long before the end of the study; the others earlier.
    before_end = np.where(ended == "ongoing", follow_up, rng.uniform(follow_up, LONGEST_FOLLOW_UP))
    frame = pd.DataFrame({
        "transplant_year": np.floor(STUDY_ENDED - before_end / 12).astype(int),
        "follow_up_months": follow_up,
        "follow_up_ended": ended,
        "died": died.astype(int),
        "cause_of_death": pd.Series(follow_up).map(DEATHS).where(died),
        "death_related": pd.Series(np.where(died, 0, np.nan)).astype("Int64"),
    })  # fmt: skip
    return frame.iloc[np.argsort(-before_end)].reset_index(drop=True)


def draw_patients(rng: np.random.Generator) -> pd.DataFrame:
    """Draw the patient table without relapses."""
    anyone = np.ones(PATIENTS, dtype=bool)

    def share(of_69: int) -> np.ndarray:
        return highest(rng.random(PATIENTS), anyone, round(of_69 * PATIENTS / 69))

    has = pd.DataFrame({organ: share(of_69) for organ, of_69 in ORGANS.items()})
    follow_up = draw_follow_up(rng)
    # Bone marrow was used first, umbilical cord later, with a wide overlap.
    early = rng.normal(size=PATIENTS) - 0.3 * (follow_up["transplant_year"] - 2009)
    marrow = highest(early.to_numpy(), anyone, 45)
    return pd.DataFrame({
        "patient_id": [f"S{number:03d}" for number in range(1, PATIENTS + 1)],
        "data_origin": "synthetic",
        "msc_source": np.where(marrow, "BM", "UC"),
        "organs": [";".join(has.columns[row]) for row in has.to_numpy()],
        "sex": np.where(share(61), "female", "male"),
        "age_years": np.clip(np.round(rng.normal(32, 9, PATIENTS)), 18, 55).astype(int),
        "disease_duration_months": np.clip(np.round(rng.lognormal(4.0, 0.9, PATIENTS)), 2, 264).astype(int),
        "cell_dose_million_per_kg": 1.0,
        "infusions": np.where(rng.random(PATIENTS) < 0.2, 2, 1),
        **{f"prior_{drug}": share(of_69).astype(int) for drug, of_69 in EARLIER_DRUGS.items()},
        **follow_up,
    })  # fmt: skip


def draw_course(patients: pd.DataFrame, rng: np.random.Generator) -> tuple[np.ndarray, pd.DataFrame]:
    """Draw the months to first relapse, and visits with month, remission and relapse."""
    follow_up = patients["follow_up_months"].to_numpy()
    response = rng.normal(size=PATIENTS) - 1.2 * patients["died"].to_numpy()
    relapse_months = np.full(PATIENTS, np.nan)
    state = np.full(PATIENTS, "none")
    visits = []
    for year, (assessed, complete, relapses) in PUBLISHED.items():
        month = np.round(12 * year + np.clip(rng.normal(0, 0.8, PATIENTS), -WINDOW_MARGIN, WINDOW_MARGIN), 1)
        month = np.minimum(month, follow_up)
        seen = highest(rng.normal(size=PATIENTS), follow_up >= 12 * year - WINDOW_MARGIN, assessed)

        # Only patients who improved can relapse: by an early response in the first year, by remission later.
        improved = response > -0.8 if year == 1 else state != "none"
        chance = rng.normal(size=PATIENTS) - 0.3 * response
        relapsed = highest(chance, seen & improved & np.isnan(relapse_months), relapses)
        first = 4.0 if year == 1 else 12 * (year - 1) + 2.0
        at = np.round(first + rng.random(PATIENTS) * (np.minimum(month, 12 * year) - first), 1)
        ever = ~np.isnan(relapse_months)
        relapse_months = np.where(relapsed, at, relapse_months)

        level = response + rng.normal(0, 0.5, PATIENTS) + 0.8 * (state == "complete")
        level -= 0.8 * ever + 1.5 * relapsed
        in_complete = highest(level, seen & ~relapsed, complete)
        now = np.select([in_complete, level > -1.0], ["complete", "partial"], "none")
        state = np.where(seen, now, state)
        visits.append(pd.DataFrame({"scheduled": 12 * year, "months": month, "remission": now})[seen])

    for scheduled, (spread, attend, for_complete, for_partial) in EARLY_VISITS.items():
        month = np.round(scheduled + np.clip(rng.normal(0, spread, PATIENTS), -2 * spread, 2 * spread), 1)
        seen = (rng.random(PATIENTS) < attend) & (month <= follow_up)
        relapsed = relapse_months <= month
        level = response + rng.normal(0, 0.4, PATIENTS) + 0.8 * (relapse_months <= 12) - 3.0 * relapsed
        now = np.select([level > for_complete, level > for_partial], ["complete", "partial"], "none")
        visits.append(pd.DataFrame({"scheduled": scheduled, "months": month, "remission": now})[seen])

    table = pd.concat(visits).rename_axis("patient").reset_index()
    table = table.sort_values(["patient", "months"], ignore_index=True)
    after = table["months"].to_numpy() >= relapse_months[table["patient"]]
    noticed = after & (pd.Series(after).groupby(table["patient"]).cumsum() == 1)
    table.loc[noticed, "remission"] = "none"
    table["relapse"] = noticed.astype(int)
    return relapse_months, table


def draw_measurements(patients: pd.DataFrame, visits: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Draw SLEDAI, prednisone and laboratory values given the course."""
    who = visits["patient"].to_numpy()
    number = len(visits)
    organs = patients["organs"]
    renal, blood = (organs.str.contains(organ).to_numpy()[who] for organ in ("renal", "haematological"))
    antibodies = (rng.random(PATIENTS) < 27 / 69)[who]

    baseline = np.clip(np.round(8 + rng.gamma(1.1, 5.5, PATIENTS)), 8, 34)[who]
    noise = rng.normal(0, 1.2, number)
    relapsed = visits["relapse"].to_numpy() == 1
    left = np.select([relapsed, visits["scheduled"] <= 1], [0.85, 0.74], 0.67)
    if_complete = rng.choice([0, 1, 2, 3, 4], number, p=[0.2, 0.05, 0.35, 0.05, 0.35])
    if_partial = np.clip(0.38 * baseline + noise, 4, 8)
    if_none = np.maximum(left * baseline + noise, np.where(relapsed, 9 + 2 * np.abs(noise), 6))
    remission = visits["remission"].to_numpy()
    sledai = np.select(
        [visits["scheduled"] == 0, remission == "complete", remission == "partial"],
        [baseline, if_complete, if_partial],
        if_none,
    ).round()
    # Odd scores need one of the three items of weight 1 (fever, platelets, leucocytes), so they are rarer.
    sledai += (sledai % 2 == 1) * (rng.random(number) < 0.4) * (remission != "complete")
    activity = sledai / baseline

    dose = rng.choice([15, 20, 30, 40, 60], PATIENTS, p=[0.15, 0.26, 0.29, 0.2, 0.1])[who]
    dose = dose * visits["scheduled"].map(PREDNISONE_LEFT).to_numpy()
    dose = np.where(remission == "complete", np.minimum(dose, 10), dose)
    dose = np.where(relapsed, np.clip(3 * dose, 15, 50), dose)
    proteinuria = np.where(renal, rng.lognormal(0.9, 0.5, PATIENTS)[who] * (0.1 + 0.9 * activity), 0.15)
    proteinuria *= rng.lognormal(0, 0.2, number)
    antibody = np.where(antibodies, 20 + 280 * activity, 12) * rng.lognormal(0, 0.35, number)
    platelets = np.where(blood, 215 - 120 * activity, 240) * rng.lognormal(0, 0.18, number)
    creatinine = np.where(renal, 68 + 9 * proteinuria, 60) * rng.lognormal(0, 0.15, number)
    laboratory = pd.DataFrame({
        "proteinuria_g_per_24h": proteinuria.round(2),
        "albumin_g_per_l": np.clip(43 - 3.2 * proteinuria + rng.normal(0, 2, number), 16, 50).round(1),
        "c3_g_per_l": np.clip(1.08 - 0.03 * sledai + rng.normal(0, 0.12, number), 0.2, 1.6).round(2),
        "c4_g_per_l": np.clip(0.24 - 0.008 * sledai + rng.normal(0, 0.04, number), 0.02, 0.5).round(2),
        "anti_dsdna_iu_per_ml": antibody.round(),
        "platelets_10e9_per_l": platelets.round(),
        "creatinine_umol_per_l": creatinine.round(),
    })  # fmt: skip
    laboratory = laboratory.mask(rng.random(laboratory.shape) < 0.03)
    return pd.concat([
        patients["patient_id"].iloc[who].reset_index(drop=True),
        visits["months"],
        pd.Series(sledai.astype(int), name="sledai"),
        visits[["remission", "relapse"]],
        pd.Series(np.maximum(np.round(dose / 2.5) * 2.5, 2.5), name="prednisone_mg_per_day"),
        laboratory,
    ], axis=1)  # fmt: skip


def draw_scores(visits: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Draw what rules of response need beside SLEDAI: clinical SLEDAI, the physician's assessment, UPCR."""
    number = len(visits)
    remission, relapsed = visits["remission"].to_numpy(), visits["relapse"].to_numpy() == 1
    # Low complement and antibodies to DNA count 2 points each, in so far as the total has room for them.
    serological = 2 * (visits["c3_g_per_l"] < 0.8).to_numpy() + 2 * (visits["anti_dsdna_iu_per_ml"] > 100).to_numpy()
    sledai = visits["sledai"].to_numpy()
    level = np.select([relapsed, remission == "complete", remission == "partial"], [1.9, 0.25, 0.8], 1.4)
    level = level + np.where(visits["months"] == 0, 0.6, 0.0)
    scores = pd.DataFrame({
        "clinical_sledai": sledai - np.minimum(serological, sledai // 2 * 2),
        "pga": np.clip(level + rng.normal(0, 0.2, number), 0, 3).round(1),
        # A gram of protein in 24 hours is about 0.9 g per gram of creatinine, of which some 1.1 g are excreted a day.
        "upcr_g_per_g": (0.9 * visits["proteinuria_g_per_24h"] * rng.lognormal(0, 0.12, number)).clip(lower=0.03),
    }).round(2)  # fmt: skip
    return scores.mask(rng.random(scores.shape) < [0.0, 0.03, 0.02])


def draw_later_relapses(
    visits: pd.DataFrame, relapse_months: np.ndarray, who: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Mark the visits that show a relapse after the first: active again, months after it."""
    since = visits["months"].to_numpy() - relapse_months[who]
    active = (visits["sledai"].to_numpy() >= 8) & (visits["remission"].to_numpy() != "complete")
    again = (since > 4) & active & (visits["relapse"].to_numpy() == 0)
    return highest(rng.random(len(visits)), again, LATER_RELAPSES)


def draw_events(patients: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Draw adverse events, none of them related to the transplantation."""
    names, chances = list(ADVERSE_EVENTS), np.array([*ADVERSE_EVENTS.values()], dtype=float)
    follow_up = patients["follow_up_months"].to_numpy()
    who = np.sort(rng.choice(PATIENTS, NUMBER_OF_EVENTS, p=follow_up / follow_up.sum()))
    events = pd.DataFrame({
        "patient_id": patients["patient_id"].to_numpy()[who],
        "months": (rng.random(NUMBER_OF_EVENTS) * follow_up[who]).round(1),
        "event": rng.choice(names, NUMBER_OF_EVENTS, p=chances / chances.sum()),
        "grade": rng.choice([1, 2, 3], NUMBER_OF_EVENTS, p=[0.5, 0.35, 0.15]),
        "related": 0,
    })  # fmt: skip
    return events.sort_values(["patient_id", "months"], ignore_index=True)


def draw_items(patients: pd.DataFrame, visits: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Draw the 24 items of SLEDAI-2K at each visit, which add up to both recorded scores.

    The two serological items make up the difference to clinical SLEDAI. The others are of the organs of the patient,
    and as proteinuria and platelets were measured; of the sets with the right sum, one much like those at the other
    visits is taken. Where there is none, signs of skin, mucosa and joints may be of any patient.
    """
    who = pd.Index(patients["patient_id"]).get_indexer(visits["patient_id"])
    organs = patients["organs"].str.split(";")
    names, weights = [*ITEMS_OF], np.array([WEIGHTS[name] for name in ITEMS_OF])
    own = np.array([[bool(set(of) & set(held)) for of in ITEMS_OF.values()] for held in organs]) | (weights == 1)
    anybodys = np.isin(names, [*OF_ANYBODY])
    # By points, so that few items are as good as many; some are rare.
    rare = (weights == 1) | np.isin(names, ["myositis", "urinary_casts", "pericarditis"])
    liking = 0.5 * weights + rng.normal(0, 1, own.shape) - 2.0 * rare
    items = np.zeros((len(visits), len(names)), dtype=int)
    for row, (patient, total) in enumerate(zip(who, visits["clinical_sledai"], strict=True)):
        normal, abnormal = measured(visits.iloc[row])
        liked = liking[patient] + rng.normal(0, 0.4, len(names)) + 30.0 * np.isin(names, abnormal)
        liked += 3.0 * (weights == 8) * (visits["months"].iloc[row] == 0)  # what led to the transplantation
        possible = ~np.isin(names, normal)
        chosen = best_set(weights, np.where(own[patient] & possible, liked, -np.inf), total)
        if chosen is None:
            chosen = best_set(weights, np.where((own[patient] | anybodys) & possible, liked, -np.inf), total)
        if chosen is None:
            raise ValueError(f"no items add up to the clinical SLEDAI of visit {row}")
        items[row] = chosen
    drawn = {name: items[:, place] for place, name in enumerate(names)}
    low, antibody = visits["c3_g_per_l"] < 0.8, visits["anti_dsdna_iu_per_ml"] > 100
    # Of both, the score may have room for one only.
    room = visits["sledai"] - visits["clinical_sledai"]
    drawn["low_complement"] = (low & (room > 0)).astype(int)
    drawn["increased_dna_binding"] = (antibody & (room > 2 * low)).astype(int)
    table = pd.DataFrame({f"sledai_{name}": drawn[name] for name in WEIGHTS})
    check_items(patients, visits, table, who)
    return table


def measured(visit: pd.Series) -> tuple[list[str], list[str]]:
    """Return the items that measurements at a visit show to be absent, and those that they show to be present."""
    there = {name: visit[column] > limit for name, (column, limit) in ABOVE.items() if not np.isnan(visit[column])}
    there |= {name: visit[column] < limit for name, (column, limit) in BELOW.items() if not np.isnan(visit[column])}
    return [name for name, is_so in there.items() if not is_so], [name for name, is_so in there.items() if is_so]


def best_set(weights: np.ndarray, liked: np.ndarray, total: int) -> np.ndarray | None:
    """Return the items, as 1 and 0, with exactly this sum of weights that are liked most; None if there are none."""
    best = np.where(np.arange(total + 1) == 0, 0.0, -np.inf)
    taken = np.zeros((len(weights), total + 1), dtype=bool)
    for item, weight in enumerate(weights):
        with_it = np.full(total + 1, -np.inf)
        with_it[weight:] = best[: max(total + 1 - weight, 0)] + liked[item]
        taken[item] = with_it > best
        best = np.maximum(best, with_it)
    if np.isinf(best[total]):
        return None
    chosen = np.zeros(len(weights), dtype=int)
    for item in reversed(range(len(weights))):
        chosen[item] = taken[item, total]
        total -= weights[item] * chosen[item]
    return chosen


def check_items(patients: pd.DataFrame, visits: pd.DataFrame, items: pd.DataFrame, who: np.ndarray) -> None:
    """Fail unless the items add up to both recorded scores, and agree with organs and measurements."""
    points = items * [WEIGHTS[name.removeprefix("sledai_")] for name in items]
    serology = points[["sledai_low_complement", "sledai_increased_dna_binding"]].sum(axis=1)
    total = points.sum(axis=1)
    if (total != visits["sledai"]).any() or (total - serology != visits["clinical_sledai"]).any():
        raise ValueError("the items do not add up to the recorded scores")
    organs = [set(held.split(";")) for held in patients["organs"].iloc[who]]
    elsewhere = np.zeros(len(visits), dtype=bool)
    for name, of in ITEMS_OF.items():
        strange = (items[f"sledai_{name}"] == 1).to_numpy() & np.array([not held & set(of) for held in organs])
        if name in OF_ANYBODY:
            elsewhere |= strange
        elif WEIGHTS[name] > 1 and strange.any():
            raise ValueError(f"{name} without involvement of {' or '.join(of)}")
    if elsewhere.sum() > MOST_ELSEWHERE:
        raise ValueError(f"at {elsewhere.sum()} visits signs of skin, mucosa or joints without their involvement")
    for row in range(len(visits)):
        if any(items[f"sledai_{name}"].iloc[row] for name in measured(visits.iloc[row])[0]):
            raise ValueError(f"at visit {row} an item is present that was measured as normal")


def draw_infusions(patients: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Draw the infusions: as many as recorded, the first at month 0."""
    first = patients[["patient_id", "cell_dose_million_per_kg", "msc_source"]].assign(months=0.0)
    second = first[patients["infusions"] == 2].copy()
    followed = patients.loc[second.index, "follow_up_months"]
    second["months"] = np.minimum(0.2 + rng.gamma(1.5, 2.0, len(second)), followed).round(1)
    table = pd.concat([first, second]).assign(route="intravenous")
    table = table[["patient_id", "months", "cell_dose_million_per_kg", "msc_source", "route"]]
    return table.sort_values(["patient_id", "months"], ignore_index=True)


def draw_treatments(patients: pd.DataFrame, visits: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Draw periods of treatment: prednisone as at the visits, and what patients took before transplantation."""
    found = []
    follow_up = patients.set_index("patient_id")["follow_up_months"]
    for patient, own in visits.groupby("patient_id", sort=True):
        doses, months = own["prednisone_mg_per_day"].to_numpy(), own["months"].to_numpy()
        changed = np.append(True, doses[1:] != doses[:-1])
        begins, taken = months[changed], doses[changed]
        begins[0] = -np.round(1 + rng.gamma(1.5, 6.0), 1)  # the dose at transplantation is older than that
        ends = np.append(begins[1:], np.nan)
        found += [
            (patient, "prednisone", dose, "mg/day", *each) for dose, *each in zip(taken, begins, ends, strict=True)
        ]
    for drug, (unit, doses, stays, ended) in DRUGS.items():
        for patient in patients.loc[patients[f"prior_{drug}"] == 1, "patient_id"]:
            begin = -np.round(4 + rng.gamma(1.5, 10.0), 1)
            end = np.round(rng.uniform(begin + 3, 0) if rng.random() < ended else rng.uniform(0.5, 18), 1)
            goes_on = rng.random() < stays or end > follow_up[patient]
            end = np.nan if goes_on and end > 0 else end
            found.append((patient, drug, float(rng.choice(doses)), unit, begin, end))
    # After a relapse some begin, or begin again, with mycophenolate.
    relapsed = patients[patients["relapse_months"].notna() & (patients["prior_mycophenolate"] == 0)]
    for patient, at in zip(relapsed["patient_id"], relapsed["relapse_months"], strict=True):
        if rng.random() < 0.6:
            found.append((patient, "mycophenolate", 1.5, "g/day", at, np.nan))
    columns = ["patient_id", "drug", "dose", "dose_unit", "start_months", "stop_months"]
    return pd.DataFrame(found, columns=columns).sort_values(["patient_id", "drug", "start_months"], ignore_index=True)


def build(folder: Path) -> None:
    """Write the tables of the cohort into `folder`: a CSV for each."""
    rng = np.random.default_rng(SEED)
    patients = draw_patients(rng)
    relapse_months, course = draw_course(patients, rng)
    patients.insert(list(patients.columns).index("cause_of_death"), "relapse_months", relapse_months)
    visits = draw_measurements(patients, course, rng)
    # With numbers of their own, so that what was drawn before stays.
    more = np.random.default_rng(SEED + 1)
    visits = pd.concat([visits, draw_scores(visits, more)], axis=1)
    visits.loc[draw_later_relapses(visits, relapse_months, course["patient"].to_numpy(), more), "relapse"] = 1
    draw_events(patients, more).to_csv(folder / "events.csv", index=False, lineterminator="\n")
    # Again with numbers of their own.
    last = np.random.default_rng(SEED + 2)
    infusions, treatments = draw_infusions(patients, last), draw_treatments(patients, visits, last)
    visits = pd.concat([visits, draw_items(patients, visits, last)], axis=1)
    infusions.to_csv(folder / "infusions.csv", index=False, lineterminator="\n")
    treatments.to_csv(folder / "treatments.csv", index=False, lineterminator="\n")
    patients.to_csv(folder / "patients.csv", index=False, lineterminator="\n")
    visits.to_csv(folder / "visits.csv", index=False, lineterminator="\n")


if __name__ == "__main__":
    build(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)

"""The meanings of columns that several figures have."""

from __future__ import annotations

COMMON = {
    "group": 'the compared group; "All" without a comparison',
    "months": "months since time zero",
    "at_risk": "patients under observation and without an event just before; of a probability of states, alive and "
    "still followed",
    "events": "patients with the event, at this time or in this year",
    "censored": "patients last seen at this time without the event",
    "lower": "lower limit of the interval",
    "upper": "upper limit of the interval",
    "year": "year after transplantation",
    "patients": "patients counted, the denominator",
    "share": "of the denominator, as a fraction of 1; a rate is per 100 patient-years; where there is at_risk it is "
    "estimated, allowing for those no longer followed, and not events / patients",
    "patient_id": "patient",
}


def meanings(*common: str, **own: str) -> dict[str, str]:
    """Return the meanings of a figure's columns: common ones by name, its own in words."""
    return {**{name: COMMON[name] for name in common}, **own}


# Of forests.
FOREST = {
    "next_lower": "lower limit of the true share in a next centre",
    "next_upper": "upper limit of the true share in a next centre",
    "pooled": "whether it is pooled",
    "counted": "how many of whom",
    "defined": "how a paper defines the outcome",
    "differs": "how that differs from here",
    "used": "why it is not pooled; of all taken together, how much the studies or centres differ",
}

"""A synthetic cohort whose names and values are hostile: marks, scripts, formulas, source, words of the app itself."""

import pandas as pd

IMAGE = "![x](http://evil.example/a.png)"
TAG = "<img src=http://evil.example/b onerror=alert(1)>"
SCRIPT = "<!--<script>alert(1)</script>"
FORMULA = "=cmd|' /C calc'!A0"
SPLIT = "a;=1+1,=cmd|' /C calc'!A0"  # a formula where a spreadsheet divides a line
ICON = ":material/delete: :streamlit: :red[text]"
QUOTES = """\\ ' " ''' \"\"\" {x} %s {{x}} `x` $(x) ${x}"""
LINK = "[link](javascript:alert(1)) http://evil.example/c ann@evil.example"
OVERRIDE = "\u202e24 fo 78"
LONG = "long " * 20 + "x" * 5000

# Compared by: at most eight levels.
LEVELS = (SCRIPT, TAG, FORMULA, ICON, QUOTES, SPLIT, "All", "constructor")
ARM = f"{TAG} arm"
COLUMNS = {
    ARM: LEVELS,
    f"{IMAGE} **bold**": (IMAGE, "$x^2$", "a -> b >= c"),
    f"{FORMULA} .[0]:'\"": ("@SUM(1)", "+1", "-1x"),
    "group": (LINK, "__proto__", "toString"),
    "heading": ("value", "patients", "datum"),
    "__proto__": ("# head", "| a | b |", "`tick`"),
    LONG: (LONG, f"{LONG}y", OVERRIDE),
    "All": ("1. item", "- item", "\U0001f600 \u4e2d\u6587 \u200bz"),
    SCRIPT: tuple(f"{QUOTES} {number}" for number in range(14)),
}
CAUSES = (TAG, FORMULA, SCRIPT)
ORGANS = ("renal", ":streamlit: **x**", "<b>skin")
EVENTS = (IMAGE, FORMULA, QUOTES)
MEASURES = ("image", "title", f"{TAG} g.l[0]")
COUNT = 48


def patient_id(number: int) -> str:
    """Return an id: the first ones are hostile."""
    hostile = (TAG, IMAGE, FORMULA, QUOTES, ICON, LINK, SPLIT, "__proto__", "constructor", "All", "-1", LONG)
    return hostile[number] if number < len(hostile) else f"{number:03d} <b>"


def patients() -> pd.DataFrame:
    """Return the patient table."""
    rows = range(COUNT)
    table = pd.DataFrame(
        {
            "patient_id": [patient_id(row) for row in rows],
            "follow_up_months": [12.0 + row * 1.5 for row in rows],
            "died": [int(row % 5 == 0) for row in rows],
            "cause_of_death": [CAUSES[row % 3] if row % 5 == 0 else "" for row in rows],
            "relapse_months": [8.0 + row / 2 if row % 4 == 1 else None for row in rows],
            "msc_source": [("UC", "BM", TAG)[row % 3] for row in rows],
            "organs": [";".join(ORGANS[: row % 3 + 1]) for row in rows],
            "sex": [("female", "male")[row % 2] for row in rows],
            "age_years": [20 + row for row in rows],
            "centre": [(TAG, IMAGE, LINK)[row % 3] for row in rows],
            f"{IMAGE} dose": [row * 0.5 for row in rows],
            f"{TAG} day": [f"2011-03-{row % 28 + 1:02d}" for row in rows],
        }
    )
    levels = {name: [held[row % len(held)] for row in rows] for name, held in COLUMNS.items()}
    return pd.concat([table, pd.DataFrame(levels)], axis=1)


def visits() -> pd.DataFrame:
    """Return the visit table."""
    rows = [(number, month) for number in range(COUNT) for month in (0, 6, 12, 24) if month <= 12 + number * 1.5]
    return pd.DataFrame(
        {
            "patient_id": [patient_id(number) for number, _ in rows],
            "months": [month for _, month in rows],
            "sledai": [max(0, 14 - month // 2 + number % 5) for number, month in rows],
            "remission": ["complete" if (number + month) % 3 == 0 else "none" for number, month in rows],
            **{name: [number + month / 10 for number, month in rows] for name in MEASURES},
        }
    )


def events() -> pd.DataFrame:
    """Return the table of adverse events."""
    return pd.DataFrame(
        {
            "patient_id": [patient_id(number) for number in range(0, COUNT, 2)],
            "months": [3.0] * (COUNT // 2),
            "event": [EVENTS[number % 3] for number in range(COUNT // 2)],
            "grade": [number % 3 + 1 for number in range(COUNT // 2)],
        }
    )


def files() -> dict[str, bytes]:
    """Return the tables as files, by names that are hostile too; no name of a file can hold a stroke."""
    tables = {f"{TAG} patients": patients(), f"{ICON} visits": visits(), "'\" events": events()}
    return {f"{name.replace('/', '_')}.csv": table.to_csv(index=False).encode() for name, table in tables.items()}

"""Adverse events of interest after cell therapy, known by the words in their names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

# Words that begin a word of a name, and names that are none of the group though they have one.
_WORDS: dict[str, tuple[str, str]] = {
    "infection": (
        (
            r"infect|pneumonia|bronchitis|zoster|shingles|herpes|sepsis|septic|bacter|viraemia|viremia|tubercul|candid|"
            r"mycos|fungal|aspergill|cryptococc|pneumocyst|cellulitis|abscess|covid|influenza|cytomegalovirus|cmv|"
            r"pyelonephritis|cystitis|gastroenteritis|meningitis|endocarditis|tonsillitis|pharyngitis|sinusitis|uti\b"
        ),
        "aseptic|non-infect|haemorrhagic cystitis|hemorrhagic cystitis",
    ),
    "infusion reaction": (r"infusion[- ]related|infusion reaction|reaction to (the )?infusion|anaphyla", ""),
    "cytokine release": (r"cytokine|crs\b", ""),
    "malignancy": (
        r"malignan|cancer|carcinoma|lymphoma|leuka?emia|sarcoma|melanoma|myeloma|neoplas|tumou?r",
        "benign|non-malignan",
    ),
    "thrombosis": (r"thrombos|thromboti|thromboemb|thrombophleb|embol|dvt\b", "microangiopathy"),
    "pregnancy": (r"pregnan|miscarriage|abortion|stillbirth|pre-?eclampsia|eclampsia|preterm", ""),
}
EVENT_GROUPS = tuple(_WORDS)


@cache
def event_group(name: str) -> str:
    """Return the group of interest to which an adverse event belongs by its name; "" for none.

    Examples
    --------
    >>> event_group("Herpes zoster"), event_group("Deep vein thrombosis"), event_group("Thrombocytopenia")
    ('infection', 'thrombosis', '')
    """
    words = name.casefold()
    for group, (inside, but_not) in _WORDS.items():
        if re.search(rf"\b(?:{inside})", words) and not (but_not and re.search(but_not, words)):
            return group
    return ""


def event_groups(names: Iterable[str]) -> dict[str, list[str]]:
    """Return the groups of interest that some names belong to, each with these names.

    Examples
    --------
    >>> event_groups(["fever", "pneumonia", "herpes zoster"])
    {'infection': ['pneumonia', 'herpes zoster']}
    """
    found: dict[str, list[str]] = {group: [] for group in EVENT_GROUPS}
    for name in names:
        if group := event_group(name):
            found[group].append(name)
    return {group: held for group, held in found.items() if held}

"""The session as a small file: question, views, choices for print, answers for the files, papers; no patient data."""

from __future__ import annotations

import json
from dataclasses import dataclass
from urllib.parse import urlencode

from analysis import CohortError
from analysis.cohort.address import Words
from analysis.intake.noticed import shown
from analysis.intake.saved import load_mapping, save_mapping, small_json
from analysis.version import VERSION
from pages.state import address, incoming, opening, own_published, paper_curves, printing, session, views

KIND = "msc-lupus session"
UNUSABLE = "This is no saved session; nothing was changed. Use a file that was saved here."


@dataclass(frozen=True)
class SavedSession:
    """The content of a session file, except answers and views.

    Attributes
    ----------
    files
        The names of the open files.
    asked
        The last view, as query parameters.
    """

    files: tuple[str, ...]
    asked: Words


def to_file() -> bytes:
    """Return this session as the content of a file."""
    origin = opening.origin()
    content = {
        "kind": KIND,
        "version": 1,
        "made_with": VERSION,
        "cohort": session.whole_cohort().name,
        "fingerprint": session.whole_cohort().fingerprint,
        "files": list(origin.files),
        "mapping": json.loads(save_mapping(origin.mapping)),
        "asked": urlencode(address.words(), doseq=True),
        "papers": printing.saved(),
        "published": own_published.saved(),
        "curves": paper_curves.saved(),
    }
    return json.dumps(content, ensure_ascii=False, indent=1).encode()


def from_file(data: bytes) -> SavedSession | str:
    """Apply the answers, saved views and choices for print of a file; return the rest, or why it cannot be used."""
    try:
        content = small_json(data)
        if content["kind"] != KIND or content["version"] != 1 or not isinstance(content["files"], list):
            return UNUSABLE
        files = tuple(shown("" + name) for name in content["files"])
        asked = views.words_of("" + content["asked"])
        mapping = load_mapping(json.dumps(content["mapping"]))
    except (ValueError, TypeError, KeyError):
        return UNUSABLE
    except CohortError as error:
        return " ".join(finding.message for finding in error.findings)
    incoming.expect(mapping)
    views.add(asked)
    printing.add(content.get("papers"))
    own_published.restore(content.get("published"))
    paper_curves.restore(content.get("curves"))
    return SavedSession(files, asked)

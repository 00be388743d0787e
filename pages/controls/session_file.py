"""The session as a small file: what is asked, saved views, how the files were read; no data of patients."""

from __future__ import annotations

import json
from urllib.parse import urlencode

import streamlit as st

from analysis import CohortError
from analysis.cohort.address import Words
from analysis.export.figure_files import File
from analysis.figures.common.markdown import plain
from analysis.intake.noticed import shown
from analysis.intake.saved import load_mapping, save_mapping, small_json
from analysis.version import VERSION
from pages.shown import take_home
from pages.state import address, incoming, session, views

KIND = "msc-lupus session"
UNUSABLE = "This is no saved session; nothing was changed. Use a file that was saved here."


def save_button() -> None:
    """Draw the button that saves the session."""
    data = _to_file()
    take_home.button(File("Session (JSON)", "session.json", "application/json", lambda: data))


def show() -> None:
    """Draw what loads a saved session, and the way into it once it is loaded."""
    st.markdown("#### Go on with a saved session")
    st.file_uploader(
        "A session that was saved here: what was asked, saved views, and how the files were read; never data",
        type=["json"], key="session_file", on_change=_load,
    )  # fmt: skip
    found = st.session_state.get("loaded_session")
    if isinstance(found, str):
        st.warning(plain(found))
    elif found:
        files = ", ".join(found["files"])
        told = f"It was saved with the file {files}; the link asks for it if it is not open." if files else ""
        st.markdown(plain(f"The session is loaded. {told}"))
        st.page_link("pages/overview.py", label="Go to what was in view", query_params=found["asked"])


def _to_file() -> bytes:
    origin = incoming.origin()
    held = {
        "kind": KIND,
        "version": 1,
        "made_with": VERSION,
        "cohort": session.whole_cohort().name,
        "fingerprint": session.whole_cohort().fingerprint,
        "files": list(origin.files),
        "mapping": json.loads(save_mapping(origin.mapping)),
        "asked": urlencode(address.words(), doseq=True),
    }
    return json.dumps(held, ensure_ascii=False, indent=1).encode()


def _load() -> None:
    """Take a session from the file that was dropped: the answers for its files, and the link to what was in view."""
    file = st.session_state["session_file"]
    st.session_state.pop("loaded_session", None)
    if file is not None:
        st.session_state["loaded_session"] = _read(file.getvalue())


def _read(data: bytes) -> str | dict[str, list[str] | Words]:
    try:
        held = small_json(data)
        if held["kind"] != KIND or held["version"] != 1 or not isinstance(held["files"], list):
            return UNUSABLE
        files = [shown("" + name) for name in held["files"]]
        asked = views.words_of("" + held["asked"])
        mapping = load_mapping(json.dumps(held["mapping"]))
    except (ValueError, TypeError, KeyError):
        return UNUSABLE
    except CohortError as error:
        return " ".join(finding.message for finding in error.findings)
    incoming.expect(mapping)
    views.add(asked)
    return {"files": files, "asked": asked}

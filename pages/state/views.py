"""Saved views, the stops of a presentation: each has a name, a page and a question with options.

They are in the address, so that reload and links keep them, and can be saved to a small file.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode

import streamlit as st

from analysis.cohort.address import Words
from analysis.cohort.names import one_line
from analysis.intake.saved import small_json
from pages.state import presenting
from pages.state.page_list import PAGES

VIEW = "view"
KEYS = frozenset({VIEW})
KIND = "msc-lupus views"
MOST = 50
LONGEST_NAME = 80
RESERVED = ("embed", "embed_options")


@dataclass(frozen=True)
class SavedView:
    """A view that can be opened again.

    Attributes
    ----------
    name
        Its name.
    page
        The file of its page.
    query
        Its query string.
    """

    name: str
    page: str
    query: str

    @property
    def words(self) -> Words:
        """Its query parameters."""
        return words_of(self.query)


def words_of(query: str) -> Words:
    """Return the query parameters of a link, without Streamlit's own, which a link may not contain."""
    return {key: texts for key, texts in parse_qs(query, keep_blank_values=True).items() if key.lower() not in RESERVED}


def saved() -> list[SavedView]:
    """Return the saved views in order."""
    found: list[SavedView] = st.session_state.setdefault("views", [])
    return found


def save(name: str, page: str, asked: Words) -> None:
    """Add a view; one of the same name is replaced in its place."""
    query = urlencode({key: texts for key, texts in asked.items() if key not in (*KEYS, *presenting.KEYS)}, doseq=True)
    new = SavedView(_name(name) or f"View {len(saved()) + 1}", page, query)
    names = [view.name for view in saved()]
    if new.name in names:
        st.session_state["views"] = [new if view.name == new.name else view for view in saved()]
    elif len(names) < MOST:
        st.session_state["views"] = [*saved(), new]


def remove(name: str) -> None:
    """Remove a saved view."""
    st.session_state["views"] = [view for view in saved() if view.name != name]


def place(page: str, asked: Words) -> int | None:
    """Return the position of the view that is shown; None if it is not saved."""
    query = {key: texts for key, texts in asked.items() if key not in (*KEYS, *presenting.KEYS)}
    return next((at for at, view in enumerate(saved()) if view.page == page and view.words == query), None)


def words() -> Words:
    """Return the saved views as query parameters."""
    return {VIEW: [_text(view) for view in saved()]} if saved() else {}


def restore(found: Words, *, first: bool) -> Words:
    """Take the saved views from the address on the first visit; return the parameters that are invalid.

    Later the session's own are kept, so that Back does not remove newer ones.
    """
    if not first:
        return {}
    read = _of(found)
    st.session_state["views"] = [view for view in read if view is not None]
    return {VIEW: ["unreadable"]} if None in read else {}


def add(found: Words) -> None:
    """Add the saved views of a link to those of this session."""
    for view in _of(found):
        if view is not None:
            save(view.name, view.page, view.words)


def notes() -> dict[str, str]:
    """Return the speaker's notes by key of the stop, which for a saved view is its name."""
    found: dict[str, str] = st.session_state.setdefault("speaker_notes", {})
    return found


def to_file() -> bytes:
    """Return the saved views as the content of a file, without patient data."""
    views = [
        {"name": view.name, "page": view.page, "asked": view.query, "note": notes().get(view.name, "")}
        for view in saved()
    ]
    return json.dumps({"kind": KIND, "version": 1, "views": views}, ensure_ascii=False, indent=1).encode()


def from_file(data: bytes) -> str:
    """Add the views of a file; return why it cannot be used, or ""."""
    unusable = "This is no file of saved views; nothing was changed. Use one that was saved here."
    try:
        content = small_json(data)
        texts = [("" + view["name"], "" + view["page"], "" + view["asked"]) for view in content["views"]]
        found = {_name(view["name"]): "" + view.get("note", "") for view in content["views"]}
    except (ValueError, TypeError, KeyError):
        return unusable
    known = all(page in PAGES for _, page, _ in texts)
    if not isinstance(content, dict) or content.get("kind") != KIND or not known:
        return unusable
    for name, page, query in texts:
        save(name, page, words_of(query))
    kept = {view.name for view in saved()}
    notes().update({name: note for name, note in found.items() if note and name in kept})
    lost = sum(bool(_name(name)) and _name(name) not in kept for name, _, _ in texts)
    return f"{lost} views of the file were not added: there is room for {MOST}." if lost else ""


def _name(text: str) -> str:
    return one_line(text)[:LONGEST_NAME]


def _of(found: Words) -> list[SavedView | None]:
    return [_read(text) for text in found.get(VIEW, [])][:MOST]


def _text(view: SavedView) -> str:
    page = view.page.removeprefix("pages/").removesuffix(".py")
    # Tildes in the query are escaped; as it is read from the end, the name may contain tildes.
    return f"{view.name}~{page}~{view.query.replace('~', '%7E')}"


def _read(text: str) -> SavedView | None:
    parts = text.rsplit("~", 2)
    if len(parts) < 3:
        return None
    name, page, query = _name(parts[0]), f"pages/{parts[1]}.py", parts[2]
    return SavedView(name, page, query) if name and page in PAGES else None

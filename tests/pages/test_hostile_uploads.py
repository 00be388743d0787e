"""Unusable files dropped on the Cohort page: each is refused in a sentence, and the open cohort stays."""

import json

from tests.pages.test_pages import assert_sound, go, open_app, said

MAPPING = {"format": "msc-lupus column mapping", "version": 1}
UNUSABLE = {
    "endless.csv": b"a,b\n" + b"x" * 1_000_000,
    "\x1b<b>![](x)\n" + "n" * 10_000 + ".csv": b"a,a\n1,2\n",
    "packed.csv": b"\x1f\x8b" + bytes(100),
    "archive.xlsx": b"PK\x03\x04" + bytes(100),
    "broken.parquet": b"PAR1" + bytes(100),
    "deep.json": b"[" * 100_000,
    "large.json": b" " * 1_000_001,
    "half.json": json.dumps({**MAPPING, "columns": {"died": "\ud800"}}).encode(),
    "types.json": json.dumps({**MAPPING, "columns": {"died": {"column": [], "event": 3}}}).encode(),
}


def test_an_unusable_file_is_reported_and_replaces_nothing() -> None:
    app = go(open_app(), "cohort")
    for name, data in UNUSABLE.items():
        files = [(name, data, "application/octet-stream")]
        app = app.file_uploader(key="upload-0").set_value(files).run()
        assert_sound(app)
        assert "This was not opened. The cohort that was open before is still here." in said(app), name[-20:]
        assert "87 of 87 patients" in said(app)
        assert "opened" not in app.session_state

"""Sessions are isolated, nothing is written to disk, and lost connections are resumed."""

import os
import re
import signal
import socket
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Browser, expect

from tests.browser.client import Client, client
from tests.browser.conftest import open_visit
from tests.browser.serving import Server, serve, start

PAGES = ("cohort", "", "survival", "response", "activity", "patients", "report")
UPLOAD = "upload-0"

TRACE = """
import os, sys
log = os.open(os.environ["TRACE_OF_FILES"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND

def watch(event, told):
    if event == "open" and isinstance(told[0], int):
        return  # a pipe to the program that reads files
    if event == "open" and (set(str(told[1] or "")) & set("wax+") or (told[2] or 0) & WRITING):
        os.write(log, f"{told[0]}\\n".encode(errors="backslashreplace"))
    elif event in ("os.mkdir", "os.rename", "os.symlink", "os.link", "tempfile.mkstemp", "tempfile.mkdtemp"):
        os.write(log, f"{event} {told}\\n".encode(errors="backslashreplace"))

sys.addaudithook(watch)
"""


def own_files(word: str, source: str) -> dict[str, bytes]:
    """Return a cohort in which every text names its owner."""
    ids = [f"{word}{number:03d}" for number in range(40)]
    patients = pd.DataFrame(
        {
            "patient_id": ids,
            "follow_up_months": [12.0 + number for number in range(40)],
            "died": [number % 4 == 0 for number in range(40)],
            "msc_source": [source, "BM"] * 20,
            "centre": [f"{word} north", f"{word} south"] * 20,
            "cause_of_death": [f"{word} cause" if number % 4 == 0 else None for number in range(40)],
        }
    )
    visits = pd.DataFrame({"patient_id": ids * 2, "months": [0.0] * 40 + [12.0] * 40, "sledai": [14, 4] * 40})
    return {f"{word}_patients.csv": patients.to_csv(index=False).encode(), f"{word}.csv": visits.to_csv().encode()}


def walk(session: Client, source: str) -> None:
    """Open every page of the open cohort, with and without a filter."""
    for page in PAGES:
        session.open(page)
        session.choose("filter_msc_source", source)
        session.choose("filter_msc_source")


def test_no_session_receives_data_of_another(address: str) -> None:
    words = {"quokka": "UC", "numbat": "AD"}
    with client(address) as first, client(address) as second, client(address) as neither:
        sessions = dict(zip(words, (first, second), strict=True))

        def use(word: str) -> None:
            sessions[word].open("cohort")
            sessions[word].drop(UPLOAD, own_files(word, words[word]))  # both at the same time
            walk(sessions[word], words[word])

        with ThreadPoolExecutor() as both:
            list(both.map(use, words))
        neither.open("cohort")
        walk(neither, "UC")
        sent = {word: b"".join(session.received) for word, session in sessions.items()}
    assert sent["quokka"].count(b"quokka") > 100
    assert sent["numbat"].count(b"numbat") > 100
    assert b"numbat" not in sent["quokka"]
    assert b"quokka" not in sent["numbat"]
    assert not re.search(b"quokka|numbat", b"".join(neither.received))


def test_nothing_is_written_to_the_disk(tmp_path: Path) -> None:
    (tmp_path / "hook").mkdir()
    (tmp_path / "temporary").mkdir()
    (tmp_path / "hook" / "sitecustomize.py").write_text(TRACE, encoding="utf-8")
    traced = tmp_path / "written"
    settings = {
        "PYTHONPATH": str(tmp_path / "hook"),
        "PYTHONDONTWRITEBYTECODE": "1",
        "TRACE_OF_FILES": str(traced),
        "TMPDIR": str(tmp_path / "temporary"),
    }
    files = own_files("quokka", "UC")
    blank = b" " * 30_000 + b"\n"
    large = {name: data.replace(b"\n", blank) for name, data in files.items()}  # above a megabyte
    for address in serve(settings=settings):
        with client(address) as session:
            session.open("cohort")
            session.drop(UPLOAD, large)
            walk(session, "UC")
            assert b"quokka000" in b"".join(session.received)
    assert set(traced.read_text(encoding="utf-8").split("\n")) <= {"", os.devnull}
    assert list((tmp_path / "temporary").iterdir()) == []


def test_a_resumed_connection_has_its_own_file(address: str) -> None:
    with client(address) as lost:
        lost.open("cohort")
        lost.drop(UPLOAD, own_files("quokka", "UC"))
    with client(address, lost.session_id) as again:
        again.open()
        assert b"quokka" in b"".join(again.received)
    with client(address, "no-such-session") as other:
        other.open()
        assert b"quokka" not in b"".join(other.received)


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such signal")
def test_after_the_server_was_killed_the_view_is_there_and_the_file_is_asked_for(
    chromium: Browser, tmp_path: Path
) -> None:
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    server = start(port)
    for name, data in own_files("quokka", "UC").items():
        (tmp_path / name).write_bytes(data)
    for visit in open_visit(chromium, server.address):
        page = visit.open("cohort")
        page.get_by_test_id("stFileUploader").locator("input[type=file]").set_input_files(list(tmp_path.iterdir()))
        strip = page.locator(".st-key-strip")
        expect(strip).to_contain_text("40 of 40 patients")
        page.get_by_test_id("stSidebar").get_by_role("button", name=re.compile("^UC ")).click()
        expect(strip).to_contain_text("20 of 40 patients")
        page.reload()  # during the run
        expect(page.locator(".st-key-awaited")).to_contain_text("This link is for a file")
        _kill(server)
        restarted = start(port)
        try:
            visit.open(page.url.removeprefix(f"{server.address}/"))
            expect(page.locator(".st-key-awaited")).to_contain_text("This link is for a file")
            page.get_by_role("link", name="Cohort", exact=True).first.click()
            page.get_by_test_id("stFileUploader").locator("input[type=file]").set_input_files(list(tmp_path.iterdir()))
            expect(strip).to_contain_text("20 of 40 patients")
        finally:
            restarted.stop()


def _kill(server: Server) -> None:
    server.process.send_signal(signal.SIGKILL)
    server.process.wait(10)

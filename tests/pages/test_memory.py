"""The memory limits of a tab, with messages; and uploads stay in memory."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from starlette.datastructures import UploadFile
from starlette.requests import Request

from analysis import CohortError, load_sample
from pages.server import memory
from tests.pages.test_pages import open_app
from tests.running import awaited

MEGABYTE = 1024 * 1024


@pytest.fixture
def limited(monkeypatch: pytest.MonkeyPatch) -> None:
    limits = {"megabytes": 2, "files": 3}
    monkeypatch.setattr("pages.server.settings.section", lambda name: limits if name == "limits" else {})


def messages(*sizes: int, opened: bool = False) -> list[str]:
    cohort = load_sample() if opened else None
    return [finding.message for finding in memory.check_drop(sizes, cohort)]


@pytest.mark.usefixtures("limited")
def test_a_drop_within_the_limits_is_taken() -> None:
    assert messages(MEGABYTE, MEGABYTE) == []
    assert messages(1, 1, 1) == []


@pytest.mark.usefixtures("limited")
def test_too_many_files_at_once_are_refused() -> None:
    assert messages(1, 1, 1, 1) == ["4 files at once are too many: drop 3 or fewer."]


@pytest.mark.usefixtures("limited")
def test_files_that_are_too_much_together_are_refused() -> None:
    (message,) = messages(MEGABYTE, MEGABYTE + 1)
    assert message.startswith("A tab may hold 2 MB of files and tables, and this is more")


@pytest.mark.usefixtures("limited")
def test_the_open_cohort_counts() -> None:
    free = 2 * MEGABYTE - load_sample().bytes_in_memory
    assert messages(free, opened=True) == []
    assert len(messages(free + 1, opened=True)) == 1


def test_tables_that_are_too_large_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    cohort = load_sample()
    monkeypatch.setattr("pages.server.settings.most_bytes", lambda: cohort.bytes_in_memory)
    memory.check_cohort(cohort)
    monkeypatch.setattr("pages.server.settings.most_bytes", lambda: cohort.bytes_in_memory - 1)
    with pytest.raises(CohortError, match="A tab may hold"):
        memory.check_cohort(cohort)


def test_the_memory_of_a_cohort_is_that_of_its_tables_with_their_texts() -> None:
    cohort = load_sample()
    longer = cohort.patients.assign(note="x" * 1000)
    grown = replace(cohort, patients=longer)
    assert grown.bytes_in_memory - cohort.bytes_in_memory >= 1000 * len(cohort)


def test_an_upload_is_not_written_to_disk() -> None:
    open_app().run()
    content = b"x" * (3 * MEGABYTE)
    head = b'--B\r\nContent-Disposition: form-data; name="f"; filename="a.csv"\r\n\r\n'
    parts: Iterator[bytes] = iter([head, content, b"\r\n--B--\r\n"])

    async def receive() -> dict[str, object]:
        part = next(parts, b"")
        return {"type": "http.request", "body": part, "more_body": bool(part)}

    async def rolled_over() -> bool:
        headers = [(b"content-type", b"multipart/form-data; boundary=B")]
        async with Request({"type": "http", "headers": headers, "method": "PUT"}, receive).form() as form:
            file = form["f"]
            assert isinstance(file, UploadFile)
            assert file.size == len(content)
            return bool(file.file._rolled)

    assert not awaited(rolled_over())

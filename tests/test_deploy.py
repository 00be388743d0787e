"""A server installs what was tested, and nothing that only the tests need."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]


def pinned(path: str) -> set[str]:
    """Return the packages whose versions and hashes a file holds."""
    return set(re.findall(r"^([a-z0-9.-]+)==", (ROOT / path).read_text(encoding="utf-8"), re.MULTILINE))


def test_what_is_tested_is_what_a_server_installs_and_the_tools_of_the_tests() -> None:
    first, *_ = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert first == "-r deploy/requirements.txt"
    assert pinned("deploy/requirements.txt") & pinned("constraints.txt") == set()
    assert {"pytest", "playwright"} <= pinned("constraints.txt")
    assert "authlib" in pinned("deploy/requirements.txt")

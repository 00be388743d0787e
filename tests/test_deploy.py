"""A server installs what was tested."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]


def locked(path: str) -> dict[str, set[str]]:
    """Return the hashes of each version that a file holds."""
    text = (ROOT / path).read_text(encoding="utf-8").replace("\\\n", "")
    lines = [line for line in text.splitlines() if "==" in line and not line.lstrip().startswith("#")]
    return {line.split(" ")[0]: set(re.findall(r"sha256:\w+", line)) for line in lines}


def test_a_server_installs_the_versions_and_hashes_that_were_tested() -> None:
    tested, served = locked("constraints.txt"), locked("deploy/requirements.txt")
    assert any(each.startswith("authlib==") for each in served)
    assert {each: hashes for each, hashes in served.items() if tested.get(each) != hashes or not hashes} == {}

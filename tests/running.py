"""A script that is run as its user runs it."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def run_alone(script: Path) -> "subprocess.CompletedProcess[str]":
    """Run a script in its folder, with the dashboard on Python's path and nothing else."""
    return subprocess.run(
        [sys.executable, str(script)],
        cwd=script.parent,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )

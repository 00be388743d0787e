"""A script that is run as its user runs it."""

import asyncio
import subprocess
import sys
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

ROOT = Path(__file__).parents[1]

Result = TypeVar("Result")


def run_alone(script: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    """Run a script in its folder, with the dashboard on Python's path and nothing else."""
    return subprocess.run(
        [sys.executable, str(script), *words],
        cwd=script.parent,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


def awaited(work: Coroutine[Any, Any, Result]) -> Result:
    """Return what a coroutine comes to, in a thread of its own: a browser may have a loop in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()

"""One R process for many scripts: starting R with the package survival takes ten times as long as a script."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

SESSION = Path(__file__).with_name("r_session.R")


@dataclass(frozen=True)
class Ran:
    """The output of a script."""

    returncode: int
    stdout: str
    stderr: str


class RSession:
    """An R process that runs ``curve.R`` in one folder after another."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            ["Rscript", str(SESSION)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            env={**os.environ, "LC_ALL": "C.UTF-8"},
        )

    def run(self, folder: Path) -> Ran:
        """Run the script in a folder."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        print(folder, file=self.process.stdin, flush=True)
        ended = self.process.stdout.readline().strip()
        assert ended, "R has ended"
        printed, complaints = (folder / name for name in ("printed.txt", "complaints.txt"))
        return Ran(int(ended), printed.read_text(encoding="utf-8"), complaints.read_text(encoding="utf-8"))

    def end(self) -> None:
        """End the process by closing its input."""
        self.process.communicate(timeout=60)

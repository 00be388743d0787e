"""A server with the app, and the browser of this machine."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

ROOT = Path(__file__).parents[2]
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome", "msedge")
MAC_CHROME = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
STDERR = 2
# Without these, the browser requests updates at every start.
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


def find_chromium() -> str | None:
    """Return the path of Chromium or Chrome, if installed."""
    found = next(filter(None, map(shutil.which, CHROMIUMS)), None)
    return MAC_CHROME if found is None and Path(MAC_CHROME).exists() else found


@dataclass(frozen=True)
class Server:
    """A running app."""

    address: str
    process: "subprocess.Popen[bytes]"
    log: Path = Path(os.devnull)

    def stop(self) -> None:
        """Stop it."""
        self.process.terminate()
        self.process.wait(10)


def start(
    port: int = 0,
    folder: Path = ROOT,
    entry: str = "app.py",
    settings: Mapping[str, str] | None = None,
    log: IO[bytes] | None = None,
) -> Server:
    """Run an app on a port, or a free one, with Streamlit settings from the environment."""
    if not port:
        with socket.socket() as free:
            free.bind(("localhost", 0))
            port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", entry, "--server.headless=true", f"--server.port={port}"]
    environment = {**os.environ, **(settings or {})}
    # pytest shows the app's output, such as a traceback, with the test that failed.
    process = subprocess.Popen(command, cwd=folder, env=environment, stdout=log or STDERR, stderr=log)
    server = Server(f"http://localhost:{port}", process)
    try:
        _wait_for(f"{server.address}/_stcore/health", process)
    except BaseException:  # an interrupt too: nothing else would stop the process
        server.stop()
        raise
    return server


def serve(folder: Path = ROOT, entry: str = "app.py", settings: Mapping[str, str] | None = None) -> Iterator[str]:
    """Run an app on a free port until the generator is closed."""
    server = start(0, folder, entry, settings)
    try:
        yield server.address
    finally:
        server.stop()


def _wait_for(url: str, server: "subprocess.Popen[bytes]") -> None:
    for _ in range(300):
        assert server.poll() is None, "the app ended by itself"
        try:
            with urllib.request.urlopen(url, timeout=2):  # noqa: S310 -- an address of this machine
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise TimeoutError("the app did not answer within 30 seconds")

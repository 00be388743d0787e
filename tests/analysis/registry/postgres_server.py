"""A PostgreSQL server of the tests' own: in a folder that goes with it, on a socket, run by a user without rights."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

OWNER, PASSWORD = "owner_of_tests", "a-Secret-of-the-0wner"
QUICK = "-c fsync=off -c full_page_writes=off -c synchronous_commit=off -c listen_addresses= -c max_connections=30"


def programs() -> Path | None:
    """Return the folder of the newest server that is installed."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda file: float(file.parts[4]))
    on_path = shutil.which("initdb")
    return folders[-1].parent if folders else Path(on_path).parent if on_path else None


MISSING = "" if programs() else "needs a PostgreSQL server (Debian: apt-get install postgresql)"


@dataclass(frozen=True)
class Server:
    """A server that runs."""

    folder: Path

    @property
    def settings(self) -> dict[str, Any]:
        return {"host": str(self.folder), "user": OWNER, "password": PASSWORD, "database": "postgres"}

    def connected(self) -> Any:
        import psycopg

        settings = self.settings
        settings["dbname"] = settings.pop("database")
        return psycopg.connect(**settings, autocommit=True)

    def execute(self, *statements: str) -> list[tuple[Any, ...]]:
        """Return the rows of the last statement, all of which the owner executes."""
        with self.connected() as connection:
            for statement in statements:
                cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def control(self, *words: str) -> None:
        found = programs()
        assert found
        command = [str(found / "pg_ctl"), "-D", str(self.folder / "data"), "-s", "-w", *words]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=self.folder, **unprivileged())

    def start(self) -> None:
        self.control("-l", str(self.folder / "log"), "-o", f"{QUICK} -k {self.folder}", "start")

    def stop(self) -> None:
        self.control("-m", "immediate", "stop")


def unprivileged() -> dict[str, Any]:
    """Return what makes a program run by another user than root, whom the server refuses."""
    if os.geteuid() != 0:
        return {}
    user = pwd.getpwnam("postgres")
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


@contextmanager
def running() -> Iterator[Server]:
    """Yield a server, and end it."""
    found = programs()
    assert found
    with tempfile.TemporaryDirectory(prefix="pg", ignore_cleanup_errors=True) as name:  # a socket's path must be short
        server = Server(Path(name))
        if who := unprivileged():
            os.chown(name, who["user"], who["group"])
        secret = Path(name) / "password"
        secret.write_text(PASSWORD)
        secret.chmod(0o644)
        made = [
            str(found / "initdb"),
            "-D",
            f"{name}/data",
            "-U",
            OWNER,
            "--pwfile",
            str(secret),
            "-A",
            "scram-sha-256",
        ]
        made += ["--no-sync", "-E", "UTF8", "--locale=C"]
        subprocess.run(made, check=True, stdout=subprocess.DEVNULL, cwd=name, **who)
        server.start()
        try:
            yield server
        finally:
            server.stop()

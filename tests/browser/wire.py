"""The app's responses to a client that follows none of a browser's rules."""

import http.client
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

MEGABYTE = 1024 * 1024
HEAD = b'--B\r\nContent-Disposition: form-data; name="f"; filename="a.csv"\r\nContent-Type: text/csv\r\n\r\n'


@dataclass(frozen=True)
class Session:
    """A session after its first run: its id, and all that was sent."""

    name: str
    sent: bytes


class Wire:
    """A client of the app at an address."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.host = urlsplit(address).netloc

    def get(self, path: str, host: str = "") -> tuple[int, str]:
        """Return status and text of a path, requested under a host name."""
        status, text, _ = self._ask("GET", path, {"Host": host or self.host})
        return status, text

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Open a session and wait for its first run."""
        with connect(f"ws://{self.host}/_stcore/stream", subprotocols=["streamlit"], max_size=None) as stream:
            start = BackMsg()
            start.rerun_script.query_string = ""
            stream.send(start.SerializeToString())
            name, sent = "", b""
            while True:
                frame = bytes(stream.recv(timeout=20))
                sent += frame
                message = ForwardMsg()
                message.ParseFromString(frame)
                if message.WhichOneof("type") == "new_session":
                    name = message.new_session.initialize.session_id
                # On a server without previous visits the first run ends early and is repeated.
                if message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY and message.HasField("script_finished"):
                    break
            yield Session(name, sent)

    def refused_session(self, host: str = "", origin: str | None = None) -> int:
        """Return the status with which a session is refused under a host name, or from another site's page."""
        at = urlsplit(self.address)
        with socket.create_connection((at.hostname, at.port or 80)) as reached:
            try:
                with connect(f"ws://{host or self.host}/_stcore/stream", sock=reached, origin=origin):
                    return 0
            except InvalidStatus as refused:
                return refused.response.status_code

    def put_file(
        self,
        session: str,
        size: int,
        *,
        tells_size: bool = True,
        file: str = "a-file",
        cookies: Mapping[str, str] = MappingProxyType({}),
    ) -> tuple[int, str]:
        """Return status and text of an upload, with or without its size declared."""
        *_, cookie = self._ask("GET", "/_stcore/health", {"Host": self.host})
        pair = cookie.partition(";")[0]
        headers = {
            "Content-Type": "multipart/form-data; boundary=B",
            "Cookie": "; ".join([pair, *(f"{name}={value}" for name, value in cookies.items())]),
            "X-Xsrftoken": pair.partition("=")[2],
        }
        body = HEAD + b"x" * size + b"\r\n--B--\r\n"
        chunks = body if tells_size else (body[at : at + MEGABYTE] for at in range(0, len(body), MEGABYTE))
        return self._ask("PUT", f"/_stcore/upload_file/{session}/{file}", headers, chunks)[:2]

    def _ask(
        self, method: str, path: str, headers: dict[str, str], body: bytes | Iterator[bytes] | None = None
    ) -> tuple[int, str, str]:
        connection = http.client.HTTPConnection(self.host, timeout=20)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode(), answer.getheader("Set-Cookie", "")
        finally:
            connection.close()

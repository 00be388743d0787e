"""A session without a browser: it opens pages, clicks, drops files, and keeps all messages of the server."""

from __future__ import annotations

import re
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.cookies import SimpleCookie
from socket import create_connection, socket
from time import perf_counter
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Common_pb2 import FileUploaderState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.sync.client import connect
from websockets.typing import Subprotocol

LONGEST_RUN_SECONDS = 300


class _Counting(socket):
    """A socket that counts received bytes."""

    bytes_received = 0

    @classmethod
    def to(cls, address: str) -> _Counting:
        """Connect to a server."""
        place = urlsplit(address)
        return cls(fileno=create_connection((place.hostname, place.port)).detach())

    def recv(self, *arguments: int) -> bytes:
        """Receive, and count."""
        data = super().recv(*arguments)
        self.bytes_received += len(data)
        return data


class Client:
    """A session like that of a browser.

    Attributes
    ----------
    received
        Every message so far, in order.
    seconds
        Duration of the last run, from the request to its last message.
    kilobytes
        What the last run sent over the network.
    """

    def __init__(self, address: str, session_id: str = "") -> None:
        self._address = address
        with urllib.request.urlopen(f"{address}/_stcore/health") as answer:  # noqa: S310 -- an address of this machine
            self._token = SimpleCookie(answer.headers["Set-Cookie"])["_streamlit_xsrf"].value
        self._wire = _Counting.to(address)
        url = f"{address.replace('http', 'ws')}/_stcore/stream"
        protocols = _protocols(self._token, session_id)
        self._tab = ExitStack()
        self._socket = self._tab.enter_context(connect(url, sock=self._wire, max_size=None, subprotocols=protocols))
        self._asked = BackMsg()
        self._elements: dict[str, Any] = {}
        self._cached: dict[str, ForwardMsg] = {}
        self.received: list[bytes] = []
        self.session_id = ""
        self.seconds = self.kilobytes = 0.0

    def close(self) -> None:
        """Close the tab."""
        self._tab.close()

    def open(self, page: str = "", words: str = "") -> None:
        """Open a page, with query parameters."""
        self._elements.clear()
        self._asked = BackMsg()
        self._asked.rerun_script.page_name = page
        self._asked.rerun_script.query_string = words
        self._run()

    def press(self, key: str) -> None:
        """Press the button with this key."""
        state = self._state(key)
        state.trigger_value = True
        self._run()
        self._asked.rerun_script.widget_states.widgets.remove(state)

    def choose(self, key: str, *options: str) -> None:
        """Choose the options of this key that begin with these texts, and no others."""
        offered = [option.content for option in self._elements[self._id(key)].options]
        chosen = [each for each in offered if each.startswith(options)] if options else []
        assert len(chosen) == len(options), f"{options} of {offered}"
        self._state(key).string_array_value.data[:] = chosen
        self._run()

    def select(self, key: str, option: str) -> None:
        """Choose the one option with this name."""
        self._state(key).string_value = option
        self._run()

    def slide(self, key: str, low: float, high: float) -> None:
        """Choose a range."""
        self._state(key).double_array_value.data[:] = [low, high]
        self._run()

    def drop(self, key: str, files: dict[str, bytes]) -> None:
        """Drop files on a file control."""
        message = BackMsg()
        message.file_urls_request.request_id = uuid4().hex
        message.file_urls_request.file_names[:] = list(files)
        message.file_urls_request.session_id = self.session_id
        self._socket.send(message.SerializeToString())
        while (answer := self._next()).WhichOneof("type") != "file_urls_response":
            pass
        told = FileUploaderState()
        for urls, (name, data) in zip(answer.file_urls_response.file_urls, files.items(), strict=True):
            self._put(urls.upload_url, name, data)
            told.uploaded_file_info.add(name=name, size=len(data), file_id=urls.file_id, file_urls=urls)
        self._state(key).file_uploader_state_value.CopyFrom(told)
        self._run()

    def _put(self, url: str, name: str, data: bytes) -> None:
        head = f'--B\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode()
        request = urllib.request.Request(  # noqa: S310 -- an address of this machine
            f"{self._address}{url}" if url.startswith("/") else url, head + data + b"\r\n--B--\r\n", method="PUT"
        )
        request.add_header("Content-Type", "multipart/form-data; boundary=B")
        request.add_header("X-Xsrftoken", self._token)
        request.add_header("Cookie", f"_streamlit_xsrf={self._token}")
        urllib.request.urlopen(request).close()  # noqa: S310 -- an address of this machine

    def _id(self, key: str) -> str:
        # Controls bound to the question have the fingerprint of the cohort after their name.
        found = [each for each in self._elements if re.search(rf"-{re.escape(key)}(_[0-9a-f]{{8}})?$", each)]
        assert found, f"nothing with the key {key} is on the page"
        return found[-1]

    def _state(self, key: str) -> WidgetState:
        widgets = self._asked.rerun_script.widget_states.widgets
        for held in widgets:
            if held.id == self._id(key):
                return held
        return widgets.add(id=self._id(key))

    def _run(self) -> None:
        """Request a run, and wait until it and any reruns have ended."""
        start = perf_counter()
        before = self._wire.bytes_received
        self._asked.rerun_script.cached_message_hashes[:] = list(self._cached)
        self._socket.send(self._asked.SerializeToString())
        finished = False
        while not finished:
            message = self._next()
            kind = message.WhichOneof("type")
            if kind == "new_session":
                self.session_id = message.new_session.initialize.session_id or self.session_id
            elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
                self._see(message)
            elif kind == "page_info_changed":
                self._asked.rerun_script.query_string = message.page_info_changed.query_string
            finished = kind == "script_finished" and message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY
        self.seconds = perf_counter() - start
        self.kilobytes = (self._wire.bytes_received - before) / 1000

    def _see(self, message: ForwardMsg) -> None:
        element = message.delta.new_element
        kind = element.WhichOneof("type")
        identity = getattr(getattr(element, kind), "id", "") if kind else ""
        if kind and identity:
            self._elements[identity] = getattr(element, kind)

    def _next(self) -> ForwardMsg:
        data = self._socket.recv(LONGEST_RUN_SECONDS)
        assert isinstance(data, bytes)
        self.received.append(data)
        message = ForwardMsg()
        message.ParseFromString(data)
        if message.HasField("ref_hash"):  # the server does not send again what a browser has cached
            return self._cached[message.ref_hash]
        if message.metadata.cacheable:
            self._cached[message.hash] = message
        return message


def _protocols(token: str, session_id: str) -> list[Subprotocol]:
    """Return the subprotocols that a browser connects with; a session id resumes that session."""
    return [Subprotocol(each) for each in ("streamlit", token, *([session_id] if session_id else []))]


@contextmanager
def client(address: str, session_id: str = "") -> Iterator[Client]:
    """Open a session, or resume one, and close it at the end."""
    opened = Client(address, session_id)
    try:
        yield opened
    finally:
        opened.close()

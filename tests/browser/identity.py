"""An identity provider for the tests (OpenID Connect); it signs in everybody at once as the person named here."""

import json
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT = "msc-lupus"


class Provider:
    """A provider on this machine that signs in `person`."""

    def __init__(self) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": "test", "use": "sig", "alg": "RS256"})
        self.person: dict[str, Any] = {}
        self.nonces: dict[str, str] = {}
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.address = f"http://localhost:{self.server.server_port}"

    def secrets(self, access: str = "") -> str:
        """Return a secrets.toml for an app on this machine that uses this provider."""
        return f"""
[auth]
redirect_uri = "http://localhost:{{port}}/oauth2callback"
cookie_secret = "only for the tests, and of enough characters"
client_id = "{CLIENT}"
client_secret = "only for the tests"
server_metadata_url = "{self.address}/.well-known/openid-configuration"
{access}
"""

    def _handler(provider) -> type[BaseHTTPRequestHandler]:  # noqa: N805 -- self is the request in here
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                path, asked = urlsplit(self.path).path, parse_qs(urlsplit(self.path).query)
                if path == "/.well-known/openid-configuration":
                    self._answer(provider._metadata())
                elif path == "/keys":
                    self._answer({"keys": [provider.key.as_dict(private=False)]})
                elif path == "/authorize":
                    provider.nonces["code"] = asked["nonce"][0]
                    back = urlencode({"code": "code", "state": asked["state"][0]})
                    self.send_response(302)
                    self.send_header("Location", f"{asked['redirect_uri'][0]}?{back}")
                    self.end_headers()
                else:
                    self.send_error(404)

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                token = jwt.encode({"alg": "RS256", "kid": "test"}, provider._claims(), provider.key)
                self._answer({"access_token": "none", "token_type": "Bearer", "expires_in": 60, "id_token": token})

            def _answer(self, content: dict[str, Any]) -> None:
                body = json.dumps(content).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *arguments: object) -> None:
                pass

        return Handler

    def _metadata(self) -> dict[str, Any]:
        return {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "jwks_uri": f"{self.address}/keys",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
        }

    def _claims(self) -> dict[str, Any]:
        now = int(time.time())
        about = {"iss": self.address, "aud": CLIENT, "iat": now, "exp": now + 60, "nonce": self.nonces["code"]}
        return {**about, "sub": str(self.person.get("email")), **self.person}


def identity_provider() -> Iterator[Provider]:
    """Run a provider until the generator is closed."""
    provider = Provider()
    thread = Thread(target=provider.server.serve_forever)
    thread.start()
    try:
        yield provider
    finally:
        provider.server.shutdown()
        thread.join()
        provider.server.server_close()

"""A bureau's OpenID Connect provider and WeChat, on this machine, over HTTP: small, strict, and wrong on demand."""

import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa


@dataclass
class Fake:
    """What the server answers with; ``asked`` holds the paths it was asked for."""

    url: str = ""
    asked: list[str] = field(default_factory=list)

    def answer(self, path: str, query: dict[str, str], form: dict[str, str], headers: Any) -> dict[str, Any]:
        raise NotImplementedError


@dataclass
class FakeBureau(Fake):
    """Signs whoever ``claims`` names in; ``token_claims`` and ``key`` make it wrong."""

    claims: dict[str, Any] = field(default_factory=lambda: {"sub": "b-001", "name": "张敏"})
    token_claims: dict[str, Any] = field(default_factory=dict)
    discovery: dict[str, Any] = field(default_factory=dict)
    key: Any = field(default_factory=lambda: rsa.generate_private_key(public_exponent=65537, key_size=2048))
    signing_key: Any = None
    algorithm: str = "RS256"
    asked_for: dict[str, str] = field(default_factory=dict)

    def answer(self, path: str, query: dict[str, str], form: dict[str, str], headers: Any) -> dict[str, Any]:
        if path == "/.well-known/openid-configuration":
            found = {"issuer": self.url, "authorization_endpoint": f"{self.url}/authorize"}
            return {**found, "token_endpoint": f"{self.url}/token", "jwks_uri": f"{self.url}/keys", **self.discovery}
        if path == "/keys":
            public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
            return {"keys": [{**public, "kid": "k1", "use": "sig", "alg": "RS256"}]}
        return self._token(form, headers)

    def authorise(self, address: str) -> dict[str, str]:
        """What a person does at the provider: looks at the address she was sent to, and says yes."""
        self.asked_for = dict(parse_qsl(urlsplit(address).query))
        assert self.asked_for["code_challenge_method"] == "S256"
        return {"code": "code-1", "state": self.asked_for["state"]}

    def _token(self, form: dict[str, str], headers: Any) -> dict[str, Any]:
        name, _, secret = base64.b64decode(headers["Authorization"].removeprefix("Basic ")).decode().partition(":")
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).rstrip(b"=")
        good = (
            (name, secret) == ("shixun", "s3cret")
            and form["code"] == "code-1"
            and form["redirect_uri"] == self.asked_for["redirect_uri"]
            and challenge.decode() == self.asked_for["code_challenge"]
        )
        if not good:
            return {"error": "invalid_grant"}
        now = int(time.time())
        claims = {"iss": self.url, "aud": "shixun", "iat": now, "exp": now + 300, "nonce": self.asked_for["nonce"]}
        token = jwt.encode(
            {**claims, **self.claims, **self.token_claims},
            self.signing_key or self.key,
            algorithm=self.algorithm,
            headers={"kid": "k1"},
        )
        return {"access_token": "a", "token_type": "Bearer", "id_token": token}


@dataclass
class FakeWeixin(Fake):
    """Each application has its own openid for the one person; the unionid is hers in both, where there is one."""

    unionid: str = "u-1"

    def answer(self, path: str, query: dict[str, str], form: dict[str, str], headers: Any) -> dict[str, Any]:
        if path == "/sns/oauth2/access_token":
            if query["secret"] != f"secret of {query['appid']}" or query["code"] != "code-1":
                return {"errcode": 40029, "errmsg": "invalid code"}
            return {"access_token": f"token of {query['appid']}", "openid": f"open-{query['appid']}"}
        union = {"unionid": self.unionid} if self.unionid else {}
        return {"openid": query["openid"], "nickname": "敏敏", **union}


@contextmanager
def served(fake: Fake) -> Iterator[Fake]:
    """The fake under an address of its own, for the length of a block."""

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            fake.asked.append(parts.path)
            found = fake.answer(parts.path, dict(parse_qsl(parts.query)), dict(parse_qsl(body)), self.headers)
            text = json.dumps(found).encode()
            self.send_response(400 if "error" in found else 200)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        do_GET = do_POST = _answer

        def log_message(self, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    fake.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

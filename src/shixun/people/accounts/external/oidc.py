"""A bureau's OpenID Connect provider: authorisation code with PKCE, and an ID token that is checked in every part."""

import base64
import hashlib
import secrets
from typing import Any
from urllib.parse import quote, urlencode

import jwt

from shixun.people.accounts.choices import Means
from shixun.people.accounts.external.providers import Proof, Rejected, setting
from shixun.people.accounts.external.web import fetched

# Signatures a provider makes with a key of its own; never "none", never a key we share.
_ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384"]
_LEEWAY_SECONDS = 60


class Bureau:
    """Found by discovery under ``SHIXUN_OIDC_ISSUER``."""

    key = "bureau"
    means = Means.BUREAU

    @property
    def name(self) -> str:
        return str(setting("OIDC_NAME"))

    def is_open(self) -> bool:
        return bool(setting("OIDC_ISSUER") and setting("OIDC_CLIENT_ID"))

    def start(self, *, state: str, callback: str, agent: str) -> tuple[str, dict[str, str]]:
        verifier, nonce = secrets.token_urlsafe(48), secrets.token_urlsafe(24)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        query = urlencode(
            {
                "response_type": "code",
                "client_id": setting("OIDC_CLIENT_ID"),
                "redirect_uri": callback,
                "scope": setting("OIDC_SCOPE"),
                "state": state,
                "nonce": nonce,
                "code_challenge": challenge,
                "code_challenge_method": "S256",
            }
        )
        endpoint = str(self._discovered()["authorization_endpoint"])
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{query}", {"verifier": verifier, "nonce": nonce}

    def finish(self, *, parameters: dict[str, str], kept: dict[str, str], callback: str) -> Proof:
        issuer = setting("OIDC_ISSUER")
        if parameters.get("iss", issuer) != issuer:
            raise Rejected("the answer names another issuer")
        found = self._discovered()
        credentials = f"{quote(setting('OIDC_CLIENT_ID'), safe='')}:{quote(setting('OIDC_CLIENT_SECRET'), safe='')}"
        tokens = fetched(
            str(found["token_endpoint"]),
            form={
                "grant_type": "authorization_code",
                "code": parameters["code"],
                "redirect_uri": callback,
                "code_verifier": kept["verifier"],
            },
            headers={"Authorization": f"Basic {base64.b64encode(credentials.encode()).decode()}"},
        )
        claims = self._checked(str(tokens.get("id_token", "")), fetched(str(found["jwks_uri"])), kept["nonce"])
        number_claim = setting("OIDC_NUMBER_CLAIM")
        number = claims.get(number_claim, "") if number_claim else ""
        label = str(claims.get("name") or claims.get("preferred_username") or "")
        return Proof(f"{issuer} {claims['sub']}", label[:60], str(number))

    def _discovered(self) -> dict[str, Any]:
        issuer = setting("OIDC_ISSUER")
        found = fetched(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
        missing = {"authorization_endpoint", "token_endpoint", "jwks_uri"} - found.keys()
        if found.get("issuer") != issuer or missing:
            raise Rejected("the discovery document is of another issuer or lacks an endpoint")
        return found

    def _checked(self, token: str, keys: dict[str, Any], nonce: str) -> dict[str, Any]:
        """The claims of an ID token: signature, issuer, audience, expiry and nonce."""
        client = setting("OIDC_CLIENT_ID")
        try:
            wanted = jwt.get_unverified_header(token).get("kid")
            usable = [key for key in jwt.PyJWKSet.from_dict(keys).keys if wanted in (None, key.key_id)]
            if not usable:
                raise Rejected("no key of the provider fits")
            claims: dict[str, Any] = jwt.decode(
                token,
                usable[0].key,
                algorithms=_ALGORITHMS,
                audience=client,
                issuer=setting("OIDC_ISSUER"),
                leeway=_LEEWAY_SECONDS,
                options={"require": ["exp", "iat", "iss", "aud", "sub"]},
            )
        except jwt.PyJWTError as error:
            raise Rejected(f"the ID token: {error}") from None
        several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if (several or "azp" in claims) and claims.get("azp") != client:
            raise Rejected("the ID token is meant for somebody else")
        if not secrets.compare_digest(str(claims.get("nonce", "")), nonce):
            raise Rejected("the ID token belongs to another sign-in")
        return claims

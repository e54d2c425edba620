"""WeChat: a code to scan at the desk, a page of its own inside WeChat. One person is one subject by her unionid.

The two ways are two applications at WeChat, each with its own openid for the same person; the unionid joins them where
both are bound to one open-platform account. Without one the openid counts, together with its application.
"""

from urllib.parse import urlencode

from shixun.people.accounts.choices import Means
from shixun.people.accounts.external.providers import Proof, Rejected, setting
from shixun.people.accounts.external.web import fetched


class Weixin:
    """Open as soon as one of the two applications is set up."""

    key = "weixin"
    name = "微信"
    means = Means.WEIXIN

    def is_open(self) -> bool:
        return bool(setting("WEIXIN_APP_ID") or setting("WEIXIN_INAPP_APP_ID"))

    def start(self, *, state: str, callback: str, agent: str) -> tuple[str, dict[str, str]]:
        inside = "MicroMessenger" in agent and bool(setting("WEIXIN_INAPP_APP_ID"))
        if not inside and not setting("WEIXIN_APP_ID"):
            raise Rejected("outside WeChat there is no application set up")
        path, scope = ("oauth2/authorize", "snsapi_userinfo") if inside else ("qrconnect", "snsapi_login")
        app = "WEIXIN_INAPP" if inside else "WEIXIN"
        query = urlencode(
            {
                "appid": setting(f"{app}_APP_ID"),
                "redirect_uri": callback,
                "response_type": "code",
                "scope": scope,
                "state": state,
            }
        )
        return f"{setting('WEIXIN_OPEN_URL')}/connect/{path}?{query}#wechat_redirect", {"app": app}

    def finish(self, *, parameters: dict[str, str], kept: dict[str, str], callback: str) -> Proof:
        app = kept["app"]
        tokens = fetched(
            f"{setting('WEIXIN_API_URL')}/sns/oauth2/access_token?"
            + urlencode(
                {
                    "appid": setting(f"{app}_APP_ID"),
                    "secret": setting(f"{app}_SECRET"),
                    "code": parameters["code"],
                    "grant_type": "authorization_code",
                }
            )
        )
        if not tokens.get("openid"):
            raise Rejected(f"WeChat answered {tokens.get('errcode')} {tokens.get('errmsg')}")
        user = fetched(
            f"{setting('WEIXIN_API_URL')}/sns/userinfo?"
            + urlencode({"access_token": str(tokens.get("access_token")), "openid": tokens["openid"], "lang": "zh_CN"})
        )
        unionid = tokens.get("unionid") or user.get("unionid")
        subject = f"union {unionid}" if unionid else f"open {setting(f'{app}_APP_ID')} {tokens['openid']}"
        return Proof(subject, str(user.get("nickname", ""))[:60])

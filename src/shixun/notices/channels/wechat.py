"""WeChat: a template message of an official account, and the openid of somebody who binds her account to it."""

import json
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

from shixun.notices.channels.base import Channel, Fate, Message, Receipt, TryAgain, Unclear, Undeliverable
from shixun.notices.channels.http import ask

_TOKEN = "notices:wechat-token"  # noqa: S105 - the name under which it is kept
# A token is asked for again some minutes before it ends.
_TOKEN_MARGIN_SECONDS = 300
_THING = 20
# Within ten minutes a second message of the same client_msg_id is sent to nobody.
_REPEATABLE_FOR = timedelta(minutes=9)
_STALE_TOKEN = frozenset({40001, 40014, 42001})
_REFUSED_FOR_GOOD = {40003: "微信号与公众号不符", 43004: "收件人没有关注公众号", 43101: "收件人拒收"}
AUTHORIZE = "https://open.weixin.qq.com/connect/oauth2/authorize"


def words_of(message: Message) -> str:
    """The text as it is read in the conversation with the official account."""
    return "\n".join((message.title, *(f"{value}" for value in _values(message)[1:]), message.link))


class WechatChannel(Channel):
    """Our key goes along as ``client_msg_id``, by which WeChat itself knows a repetition."""

    def is_open(self) -> bool:
        return bool(settings.WECHAT_NOTICE_APP_ID and settings.WECHAT_NOTICE_SECRET and settings.WECHAT_NOTICE_TEMPLATE)

    def send(self, message: Message) -> Receipt:
        answer = self._sent(message, _token())
        if answer.get("errcode") in _STALE_TOKEN:
            answer = self._sent(message, _token(anew=True))
        code = answer.get("errcode")
        if code == 0:
            return Receipt(str(answer.get("msgid", "")))
        if code in _REFUSED_FOR_GOOD:
            raise Undeliverable(f"{_REFUSED_FOR_GOOD[code]}（{code}）。")
        raise TryAgain(f"微信没有接受：{answer.get('errmsg', '')}（{code}）。")

    def fate_of(self, message: Message, interrupted_for: timedelta) -> Fate:
        return Fate.REPEATABLE if interrupted_for < _REPEATABLE_FOR else Fate.UNKNOWN

    def _sent(self, message: Message, token: str) -> dict[str, Any]:
        fields = dict(zip(settings.WECHAT_NOTICE_FIELDS, _values(message), strict=False))
        body = {
            "touser": message.address,
            "template_id": settings.WECHAT_NOTICE_TEMPLATE,
            "url": message.link,
            "client_msg_id": message.key,
            "data": {name: {"value": value} for name, value in fields.items()},
        }
        return _posted(f"/cgi-bin/message/template/send?{urlencode({'access_token': token})}", body)


def binding_address(back: str, state: str) -> str:
    """Where somebody goes, inside WeChat, to tell us her openid; WeChat sends her to ``back`` with a code."""
    query = {
        "appid": settings.WECHAT_NOTICE_APP_ID,
        "redirect_uri": back,
        "response_type": "code",
        "scope": "snsapi_base",
        "state": state,
    }
    return f"{AUTHORIZE}?{urlencode(query)}#wechat_redirect"


def openid_of(code: str) -> str:
    """The openid behind a code that WeChat gave out; empty where WeChat does not know the code."""
    query = {
        "appid": settings.WECHAT_NOTICE_APP_ID,
        "secret": settings.WECHAT_NOTICE_SECRET,
        "code": code,
        "grant_type": "authorization_code",
    }
    try:
        answer = ask(f"{settings.WECHAT_NOTICE_ENDPOINT}/sns/oauth2/access_token?{urlencode(query)}")
    except (TryAgain, Unclear):
        return ""
    return str(answer.get("openid", ""))


def _token(*, anew: bool = False) -> str:
    """The access token, kept in the shared cache so that all workers use one."""
    kept = None if anew else cache.get(_TOKEN)
    if kept:
        return str(kept)
    body = {
        "grant_type": "client_credential",
        "appid": settings.WECHAT_NOTICE_APP_ID,
        "secret": settings.WECHAT_NOTICE_SECRET,
        "force_refresh": anew,
    }
    try:
        answer = _posted("/cgi-bin/stable_token", body)
    except Unclear as error:
        # Nothing has been sent yet, so that trying again is safe.
        raise TryAgain(str(error)) from error
    token = str(answer.get("access_token", ""))
    if not token:
        raise TryAgain(f"微信没有给出访问凭证：{answer.get('errmsg', '')}（{answer.get('errcode', '')}）。")
    cache.set(_TOKEN, token, max(60, int(answer.get("expires_in", 7200)) - _TOKEN_MARGIN_SECONDS))
    return token


def _posted(path: str, body: dict[str, Any]) -> dict[str, Any]:
    text = json.dumps(body, ensure_ascii=False).encode()
    return ask(f"{settings.WECHAT_NOTICE_ENDPOINT}{path}", body=text, headers={"Content-Type": "application/json"})


def _values(message: Message) -> tuple[str, str, str]:
    """Title, subject and time, each as short as a field of a template may be."""
    at = timezone.localtime(message.at)
    return message.title[:_THING], message.subject[:_THING], f"{at:%Y-%m-%d %H:%M}"

"""SMS by Alibaba Cloud's Dysmsapi 2017-05-25: SendSms by an approved template, QuerySendDetails after an interruption.

Requests are signed by ACS3-HMAC-SHA256. The operators of China let no free text through: the words stand in a template
the operator of the site has had approved, and the message gives its variables.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlsplit
from uuid import uuid4

from django.conf import settings
from django.utils import timezone

from shixun.notices.channels.base import Channel, Fate, Message, Receipt, TryAgain, Unclear, Undeliverable
from shixun.notices.channels.http import ask

_VERSION = "2017-05-25"
# A variable of an approved template may have no more characters than this.
_VARIABLE = 35
_REFUSED_FOR_GOOD = frozenset({"isv.MOBILE_NUMBER_ILLEGAL", "isv.BLACK_KEY_CONTROL_LIMIT"})


def words_of(message: Message) -> str:
    """The text as it is read when both templates have the words that docs/operations.md proposes."""
    if message.code:
        return f"【师训】您的验证码是 {message.code}，10 分钟内有效。"
    return f"【师训】您有新消息：{_variable(message.subject)}。请登录平台查看。"


class SmsChannel(Channel):
    """Our key goes along as ``OutId`` and comes back in the details, by which an interrupted sending is cleared up."""

    def is_open(self) -> bool:
        return bool(settings.SMS_KEY_ID and settings.SMS_KEY_SECRET and settings.SMS_TEMPLATE)

    def send(self, message: Message) -> Receipt:
        values = {"code": message.code} if message.code else {"subject": _variable(message.subject)}
        answer = _call(
            "SendSms",
            {
                "PhoneNumbers": message.address,
                "SignName": settings.SMS_SIGN,
                "TemplateCode": settings.SMS_CODE_TEMPLATE if message.code else settings.SMS_TEMPLATE,
                "TemplateParam": json.dumps(values, ensure_ascii=False),
                "OutId": message.key,
            },
        )
        code = str(answer.get("Code", ""))
        if code == "OK":
            return Receipt(str(answer.get("BizId", "")))
        words = f"{answer.get('Message', '')}（{code}）"
        if code in _REFUSED_FOR_GOOD:
            raise Undeliverable(f"短信服务商不能发到这个号码：{words}。")
        raise TryAgain(f"短信服务商没有接受：{words}。")

    def fate_of(self, message: Message, interrupted_for: timedelta) -> Fate:
        """Look for our key among what was sent to this number on the days in question."""
        now = timezone.localtime()
        days = {f"{moment:%Y%m%d}" for moment in (now, now - interrupted_for)}
        return Fate.SENT if any(_is_listed(message, day) for day in sorted(days)) else Fate.NOT_SENT


def _is_listed(message: Message, day: str) -> bool:
    wanted = {"PhoneNumber": message.address, "SendDate": day, "PageSize": "50", "CurrentPage": "1"}
    try:
        answer = _call("QuerySendDetails", wanted)
    except Unclear as error:
        raise TryAgain(str(error)) from error
    if answer.get("Code") != "OK":
        raise TryAgain(f"短信服务商没有回答查询：{answer.get('Message', '')}。")
    details = answer.get("SmsSendDetailDTOs") or {}
    return any(item.get("OutId") == message.key for item in details.get("SmsSendDetailDTO", ()))


def _call(action: str, values: Mapping[str, str]) -> dict[str, Any]:
    query = "&".join(f"{_quoted(name)}={_quoted(values[name])}" for name in sorted(values))
    headers = signed_headers(action, query, urlsplit(settings.SMS_ENDPOINT).netloc)
    return ask(f"{settings.SMS_ENDPOINT}/?{query}", body=b"", headers=headers)


def signed_headers(action: str, query: str, host: str) -> dict[str, str]:
    """The headers of a request with an empty body, the signature among them."""
    empty = hashlib.sha256(b"").hexdigest()
    headers = {
        "host": host,
        "x-acs-action": action,
        "x-acs-content-sha256": empty,
        "x-acs-date": f"{timezone.now():%Y-%m-%dT%H:%M:%SZ}",
        "x-acs-signature-nonce": uuid4().hex,
        "x-acs-version": _VERSION,
    }
    names = ";".join(sorted(headers))
    lines = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers))
    canonical = "\n".join(("POST", "/", query, lines, names, empty))
    to_sign = f"ACS3-HMAC-SHA256\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    signature = hmac.new(settings.SMS_KEY_SECRET.encode(), to_sign.encode(), hashlib.sha256).hexdigest()
    credential = f"Credential={settings.SMS_KEY_ID},SignedHeaders={names},Signature={signature}"
    return {**headers, "Authorization": f"ACS3-HMAC-SHA256 {credential}"}


def _quoted(text: str) -> str:
    return quote(text, safe="-_.~")


def _variable(text: str) -> str:
    return text if len(text) <= _VARIABLE else f"{text[: _VARIABLE - 1]}…"

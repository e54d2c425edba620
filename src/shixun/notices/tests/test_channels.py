"""What the channels say to their providers, seen from a provider on this machine; signatures are computed anew here."""

import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.core import mail
from django.core.cache import cache

from shixun.notices.channels import (
    Fate,
    Message,
    Receipt,
    TryAgain,
    Unclear,
    Undeliverable,
    channel_of,
    open_channels,
)
from shixun.notices.channels.sms import SmsChannel
from shixun.notices.channels.wechat import WechatChannel, openid_of
from shixun.notices.testing import Provider

KEY = "0d5b8f1e-9d2c-4a53-8d35-0c8d3a5f2f10"
AT = datetime(2019, 10, 14, 1, 0, tzinfo=UTC)
TO_PHONE = Message(KEY, "13800138000", "审核结果", "您的申报已通过", "…", "/claims/", AT)
TO_OPENID = Message(KEY, "openid-1", "审核结果", "您的申报已通过", "…", "/claims/", AT)
TOKEN = {"access_token": "T1", "expires_in": 7200}


@pytest.fixture(autouse=True)
def _no_token_kept(db: Any) -> None:
    cache.clear()


def test_a_channel_without_settings_is_closed_but_for_the_outbox_of_a_demonstration(settings: Any) -> None:
    assert (open_channels(), channel_of("sms")) == ([], None)
    settings.DEMO_MODE = True
    assert open_channels() == ["email", "sms", "wechat"]
    outbox = channel_of("sms")
    assert outbox
    assert outbox.send(TO_PHONE) == outbox.send(TO_PHONE), "the same key is taken once"


def test_an_sms_is_signed_and_carries_our_key(sms_open: Provider) -> None:
    assert SmsChannel().send(TO_PHONE) == Receipt("900")
    asked = sms_open.asked[0]
    assert asked.query == {
        "PhoneNumbers": "13800138000",
        "SignName": "师训",
        "TemplateCode": "SMS_1",
        "TemplateParam": '{"subject": "您的申报已通过"}',
        "OutId": KEY,
    }
    assert asked.headers["authorization"].endswith(f"Signature={signature_of(asked)}")
    assert (asked.headers["x-acs-action"], asked.headers["x-acs-version"]) == ("SendSms", "2017-05-25")


def signature_of(asked: Any) -> str:
    """ACS3-HMAC-SHA256 written down once more from what arrived."""
    names = [name for name in sorted(asked.headers) if name == "host" or name.startswith("x-acs-")]
    query = "&".join(f"{quote(k, safe='-_.~')}={quote(v, safe='-_.~')}" for k, v in sorted(asked.query.items()))
    lines = "\n".join(f"{name}:{asked.headers[name]}" for name in names)
    nothing = hashlib.sha256(b"").hexdigest()
    canonical = f"POST\n/\n{query}\n{lines}\n\n{';'.join(names)}\n{nothing}"
    to_sign = f"ACS3-HMAC-SHA256\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    return hmac.new(b"key-secret", to_sign.encode(), "sha256").hexdigest()


@pytest.mark.parametrize(
    ("answer", "raised"),
    [
        ({"Code": "isv.BUSINESS_LIMIT_CONTROL", "Message": "触发分钟级流控"}, TryAgain),
        ({"Code": "isv.MOBILE_NUMBER_ILLEGAL", "Message": "号码不对"}, Undeliverable),
        (503, Unclear),
        (None, Unclear),
    ],
)
def test_what_an_sms_provider_may_answer(sms_open: Provider, answer: Any, raised: type[Exception]) -> None:
    sms_open.answers = [answer]
    with pytest.raises(raised):
        SmsChannel().send(TO_PHONE)


def test_nobody_at_home_is_surely_not_sent(sms_open: Provider, settings: Any) -> None:
    settings.SMS_ENDPOINT = "http://127.0.0.1:9"
    with pytest.raises(TryAgain, match="连不上"):
        SmsChannel().send(TO_PHONE)


def test_an_interrupted_sms_is_looked_up_by_its_key(sms_open: Provider) -> None:
    listed = {"Code": "OK", "SmsSendDetailDTOs": {"SmsSendDetailDTO": [{"OutId": KEY, "SendStatus": 3}]}}
    sms_open.answers = [listed, {"Code": "OK", "SmsSendDetailDTOs": {"SmsSendDetailDTO": []}}]
    assert SmsChannel().fate_of(TO_PHONE, timedelta(0)) is Fate.SENT
    assert SmsChannel().fate_of(TO_PHONE, timedelta(0)) is Fate.NOT_SENT
    assert sms_open.asked[0].headers["x-acs-action"] == "QuerySendDetails"


def test_a_template_message_of_wechat(wechat_open: Provider, settings: Any) -> None:
    settings.SITE_URL = "https://shixun.example.cn"
    wechat_open.answers = [TOKEN, {"errcode": 0, "msgid": 77}]
    assert WechatChannel().send(TO_OPENID) == Receipt("77")
    assert WechatChannel().send(TO_OPENID) == Receipt("77"), "the token is kept"
    token, sent, _ = wechat_open.asked
    assert token.path == "/cgi-bin/stable_token"
    assert (sent.query, sent.json["touser"], sent.json["client_msg_id"]) == ({"access_token": "T1"}, "openid-1", KEY)
    assert sent.json["url"] == "https://shixun.example.cn/claims/"
    assert sent.json["data"] == {
        "thing1": {"value": "审核结果"},
        "thing2": {"value": "您的申报已通过"},
        "time3": {"value": "2019-10-14 09:00"},
    }


def test_a_stale_token_is_renewed_once(wechat_open: Provider) -> None:
    wechat_open.answers = [TOKEN, {"errcode": 42001}, {**TOKEN, "access_token": "T2"}, {"errcode": 0, "msgid": 1}]
    assert WechatChannel().send(TO_OPENID) == Receipt("1")
    assert wechat_open.asked[-1].query == {"access_token": "T2"}


def test_who_does_not_follow_the_account_gets_nothing(wechat_open: Provider) -> None:
    wechat_open.answers = [TOKEN, {"errcode": 43004, "errmsg": "require subscribe"}]
    with pytest.raises(Undeliverable, match="没有关注"):
        WechatChannel().send(TO_OPENID)


def test_wechat_knows_a_repetition_for_some_minutes(wechat_open: Provider) -> None:
    channel = WechatChannel()
    assert channel.fate_of(TO_OPENID, timedelta(minutes=6)) is Fate.REPEATABLE
    assert channel.fate_of(TO_OPENID, timedelta(minutes=10)) is Fate.UNKNOWN


def test_an_openid_is_asked_of_wechat_itself(wechat_open: Provider) -> None:
    wechat_open.answers = [{"openid": "openid-9"}, {"errcode": 40029}]
    assert (openid_of("code-1"), openid_of("code-2")) == ("openid-9", "")
    assert wechat_open.asked[0].query["code"] == "code-1"


def test_an_e_mail_has_a_message_id_made_of_its_key(settings: Any) -> None:
    settings.DEFAULT_FROM_EMAIL, settings.SITE_URL = "师训 <no-reply@example.cn>", "https://shixun.example.cn"
    channel = channel_of("email")
    assert channel
    channel.send(Message(KEY, "z@example.cn", "审核结果", "您的申报已通过", "请查看。", "/claims/", AT))
    letter = mail.outbox[0]
    assert (letter.subject, letter.to) == ("【师训】您的申报已通过", ["z@example.cn"])
    assert letter.extra_headers["Message-ID"].startswith(f"<{KEY}@")
    assert "https://shixun.example.cn/claims/" in letter.body
    settings.EMAIL_BACKEND, settings.EMAIL_PORT = "django.core.mail.backends.smtp.EmailBackend", 9
    with pytest.raises(TryAgain, match="连不上"):
        channel.send(Message(KEY, "z@example.cn", "", "", "", "", AT))

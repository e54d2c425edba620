"""An address is proved by a code before anything is sent there; codes end, and cannot be guessed or flooded."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from shixun.kernel import clock
from shixun.kernel.models import AuditEvent
from shixun.kernel.refusals import Refusal
from shixun.notices import actions
from shixun.notices.actions.delivering import deliver_due
from shixun.notices.models import ContactPoint, Delivery
from shixun.notices.testing import Provider, a_contact
from shixun.notices.validators import check_address, masked
from shixun.people.testing import Cast, actor_for, client_of

pytestmark = pytest.mark.usefixtures("some_kinds", "frozen_clock")
Clock = Callable[[str], datetime]


def added(cast: Cast, address: str = "13800138000") -> ContactPoint:
    return actions.add_contact(actor=actor_for(cast.teacher), at=clock.now(), channel="sms", address=address)


def code_sent(provider: Provider) -> str:
    deliver_due(now=clock.now)
    return str(provider.asked[-1].query["TemplateParam"])[-8:-2]


def proved(cast: Cast, contact: ContactPoint, code: str) -> None:
    actions.verify_contact(actor=actor_for(cast.teacher), at=clock.now(), contact=contact, code=code)


def test_a_code_proves_the_address_and_is_wiped(cast: Cast, sms_open: Provider) -> None:
    contact = added(cast)
    code = code_sent(sms_open)
    assert sms_open.asked[-1].query["TemplateCode"] == "SMS_2"
    assert Delivery.objects.get().code == ""
    proved(cast, contact, code)
    contact.refresh_from_db()
    assert (contact.verified_at, contact.value) == (clock.now(), "13800138000")
    assert "13800138000" not in contact.stored
    told = AuditEvent.objects.filter(action__startswith="contact.")
    assert [event.action for event in told.order_by("pk")] == ["contact.added", "contact.code_sent", "contact.verified"]
    assert "13800138000" not in str(list(told.values()))


def test_a_wrong_code_counts_and_the_sixth_try_is_one_too_many(cast: Cast, sms_open: Provider) -> None:
    contact = added(cast)
    code = code_sent(sms_open)
    wrong = "000000" if code != "000000" else "111111"
    for _ in range(5):
        with pytest.raises(Refusal, match="不对"):
            proved(cast, contact, wrong)
    with pytest.raises(Refusal, match="次数太多"):
        proved(cast, contact, code)


def test_a_code_holds_ten_minutes(cast: Cast, sms_open: Provider, frozen_clock: Clock) -> None:
    contact = added(cast)
    code = code_sent(sms_open)
    frozen_clock("2019-10-14T09:10:01")
    with pytest.raises(Refusal, match="过期"):
        proved(cast, contact, code)


def test_codes_cannot_be_sent_without_end(cast: Cast, sms_open: Provider) -> None:
    contact = added(cast)
    actor, at = actor_for(cast.teacher), clock.now()
    with pytest.raises(Refusal, match="刚刚发出"):
        actions.send_code(actor=actor, at=at, contact=contact)
    for number in range(1, 5):
        actions.send_code(actor=actor, at=at + timedelta(minutes=number), contact=contact)
    with pytest.raises(Refusal, match="太多"):
        actions.send_code(actor=actor, at=at + timedelta(minutes=9), contact=contact)
    for number in range(4):
        added(cast, f"1380013900{number}")
    with pytest.raises(Refusal, match="今天更换"):
        added(cast, "13800139009")


def test_only_its_holder_changes_an_address(cast: Cast, sms_open: Provider) -> None:
    contact = a_contact(cast.teacher)
    for name, user in cast.everyone().items():
        status = client_of(user).get(f"/messages/contacts/{contact.uuid}/").status_code
        assert (name, status) == (name, 200 if name == "teacher" else 403)
    assert client_of(cast.school_officer).post(f"/messages/contacts/{contact.uuid}/remove/").status_code == 403
    assert client_of(None).post(f"/messages/contacts/{contact.uuid}/remove/").status_code == 302
    assert client_of(cast.teacher).post(f"/messages/contacts/{contact.uuid}/remove/").status_code == 302
    assert ContactPoint.objects.get().stored == ""


def test_registering_through_the_pages(cast: Cast, sms_open: Provider) -> None:
    client = client_of(cast.teacher)
    assert client.post("/messages/contacts/sms/new/", {"address": "12"}).status_code == 422
    verify = client.post("/messages/contacts/sms/new/", {"address": "138 0013 8000"}).headers["Location"]
    assert client.post(verify, {"code": "abc"}).status_code == 422
    client.post(verify, {"code": code_sent(sms_open)})
    page = client.get("/messages/settings/").content.decode()
    assert ("138****8000" in page, "已验证" in page) == (True, True)
    assert client.get("/messages/contacts/email/new/").status_code == 409, "e-mail has no settings"


def test_wechat_is_bound_by_wechat_itself(cast: Cast, wechat_open: Provider) -> None:
    client = client_of(cast.teacher)
    away = client.get("/messages/wechat/").headers["Location"]
    assert "appid=wx1" in away
    state = away.split("state=")[1].split("#")[0]
    wechat_open.answers = [{"openid": "openid-123456"}]
    assert client.get("/messages/wechat/bound/?state=forged&code=c").status_code == 403
    assert client.get(f"/messages/wechat/bound/?state={state}&code=c").status_code == 403, "a state serves once"
    state = client.get("/messages/wechat/").headers["Location"].split("state=")[1].split("#")[0]
    client.get(f"/messages/wechat/bound/?state={state}&code=c")
    assert ContactPoint.objects.get(channel="wechat").masked == "****3456"


@pytest.mark.parametrize(
    ("channel", "typed", "kept", "shown"),
    [
        ("sms", "+86 138 0013 8000", "13800138000", "138****8000"),
        ("email", " Zhang@School.cn ", "zhang@school.cn", "z***g@school.cn"),
        ("email", "z@school.cn", "z@school.cn", "z***@school.cn"),
    ],
)
def test_addresses_are_tidied_and_masked(channel: str, typed: str, kept: str, shown: str) -> None:
    assert (check_address(channel, typed), masked(channel, kept)) == (kept, shown)


@pytest.mark.parametrize(("channel", "typed"), [("sms", "02112345678"), ("email", "zhang")])
def test_a_wrong_address_is_told(channel: str, typed: str) -> None:
    with pytest.raises(ValidationError, match="请填"):
        check_address(channel, typed)

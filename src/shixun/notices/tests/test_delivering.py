"""What leaves the site leaves once, in time, visibly, and not at night: retries, crashes, two workers, wishes."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from functools import partial
from typing import Any

import pytest

from shixun.kernel import clock
from shixun.notices import actions
from shixun.notices.actions.delivering import PAUSES, claim_next, deliver, deliver_due
from shixun.notices.channels import Receipt
from shixun.notices.channels.sms import SmsChannel
from shixun.notices.choices import DeliveryState
from shixun.notices.models import Delivery
from shixun.notices.queries import LEASE, has_deliveries_due
from shixun.notices.testing import SEEN, URGENT, Provider, a_contact, a_notice
from shixun.people.testing import Cast, actor_for

Clock = Callable[[str], datetime]
pytestmark = pytest.mark.usefixtures("some_kinds", "frozen_clock")
LIMITED = {"Code": "isv.BUSINESS_LIMIT_CONTROL", "Message": "流控"}


def run(at: datetime) -> int:
    return deliver_due(now=lambda: at)


def the_delivery() -> Delivery:
    return Delivery.objects.get()


def test_only_a_proved_address_and_an_open_channel_are_used(cast: Cast, sms_open: Provider) -> None:
    a_notice(cast.teacher)
    contact = a_contact(cast.teacher)
    a_contact(cast.teacher, "email", "z@example.cn")
    contact.verified_at = None
    contact.save()
    a_notice(cast.teacher)
    assert Delivery.objects.count() == 0
    assert has_deliveries_due() is False


def test_a_delivery_is_sent_and_says_where_to(cast: Cast, sms_open: Provider) -> None:
    a_contact(cast.teacher)
    a_notice(cast.teacher)
    assert has_deliveries_due() is True
    assert run(clock.now()) == 1
    sent = the_delivery()
    assert (sent.state, sent.sent_to, sent.provider_number) == (DeliveryState.SENT, "138****8000", "900")
    assert sms_open.asked[0].query["OutId"] == str(sent.uuid)
    assert run(clock.now() + timedelta(days=1)) == 0


def test_pauses_grow_until_it_is_given_up_and_an_officer_sends_it_again(cast: Cast, sms_open: Provider) -> None:
    a_contact(cast.teacher)
    a_notice(cast.teacher, kind=URGENT)
    sms_open.answers = [LIMITED]
    at = clock.now()
    for pause in PAUSES:
        assert run(at) == 1
        failed = the_delivery()
        assert (failed.state, failed.next_try_at) == (DeliveryState.FAILED, at + pause)
        assert run(at + pause - timedelta(seconds=1)) == 0
        at += pause
    run(at)
    given_up = the_delivery()
    assert (given_up.state, given_up.attempts, given_up.next_try_at) == (DeliveryState.GIVEN_UP, 6, None)
    assert "流控" in given_up.problem
    sms_open.answers = [{"Code": "OK", "BizId": "901"}]
    officer = actor_for(cast.school_officer)
    assert actions.retry_deliveries(actor=officer, at=at, deliveries=[given_up]) == 1
    assert actions.retry_deliveries(actor=officer, at=at, deliveries=[given_up]) == 0
    run(at)
    assert the_delivery().state == DeliveryState.SENT


def test_what_is_refused_for_good_is_given_up_at_once(cast: Cast, sms_open: Provider) -> None:
    a_contact(cast.teacher)
    a_notice(cast.teacher)
    sms_open.answers = [{"Code": "isv.MOBILE_NUMBER_ILLEGAL", "Message": "号码不对"}]
    run(clock.now())
    assert (the_delivery().state, the_delivery().attempts) == (DeliveryState.GIVEN_UP, 1)


class Death(BaseException):
    """The worker is killed."""


def test_a_crash_after_sending_does_not_send_twice(
    cast: Cast, sms_open: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_contact(cast.teacher)
    a_notice(cast.teacher)
    at = clock.now()
    send = SmsChannel.send

    def killed(self: SmsChannel, message: Any) -> Receipt:
        send(self, message)
        raise Death

    monkeypatch.setattr(SmsChannel, "send", killed)
    with pytest.raises(Death):
        run(at)
    monkeypatch.setattr(SmsChannel, "send", send)
    assert (the_delivery().state, run(at + timedelta(minutes=1))) == (DeliveryState.SENDING, 0)
    key = str(the_delivery().uuid)
    sms_open.answers = [{"Code": "OK", "SmsSendDetailDTOs": {"SmsSendDetailDTO": [{"OutId": key}]}}]
    assert run(at + LEASE) == 1
    assert the_delivery().state == DeliveryState.SENT
    assert [asked.headers["x-acs-action"] for asked in sms_open.asked].count("SendSms") == 1


def test_a_crash_before_sending_loses_nothing(cast: Cast, sms_open: Provider) -> None:
    a_contact(cast.teacher)
    a_notice(cast.teacher)
    at = clock.now()
    assert claim_next(at=at)
    sms_open.answers = [{"Code": "OK", "SmsSendDetailDTOs": {"SmsSendDetailDTO": []}}]
    run(at + LEASE)
    assert the_delivery().state == DeliveryState.FAILED
    sms_open.answers = [{"Code": "OK", "BizId": "1"}]
    run(at + LEASE + PAUSES[0])
    assert the_delivery().state == DeliveryState.SENT


def test_an_e_mail_nobody_can_be_asked_about_stays_unclear(cast: Cast, settings: Any) -> None:
    settings.DEFAULT_FROM_EMAIL = "no-reply@example.cn"
    a_contact(cast.teacher, "email", "z@example.cn")
    a_notice(cast.teacher)
    claim_next(at=clock.now())
    run(clock.now() + LEASE)
    assert the_delivery().state == DeliveryState.UNCLEAR


def test_a_broken_connection_is_cleared_up_later(cast: Cast, sms_open: Provider) -> None:
    a_contact(cast.teacher)
    a_notice(cast.teacher)
    at = clock.now()
    sms_open.answers = [None]
    run(at)
    assert (the_delivery().state, run(at + PAUSES[0])) == (DeliveryState.SENDING, 0)


def test_who_lost_the_claim_writes_nothing(cast: Cast, sms_open: Provider) -> None:
    a_contact(cast.teacher)
    a_notice(cast.teacher)
    slow = claim_next(at=clock.now())
    assert slow
    Delivery.objects.update(state=DeliveryState.UNCLEAR, claim=None)
    deliver(slow, at=clock.now())
    assert the_delivery().state == DeliveryState.UNCLEAR


def test_two_workers_at_once_send_each_message_once(cast: Cast, sms_open: Provider, in_parallel: Any) -> None:
    for user in cast.everyone().values():
        a_contact(user)
        a_notice(user)
    at = clock.now()
    results = in_parallel([partial(run, at)] * 3)
    assert sum(results) == 6
    keys = [asked.query["OutId"] for asked in sms_open.asked]
    assert len(keys) == len(set(keys)) == 6


def test_the_night_is_quiet_but_for_what_is_urgent(cast: Cast, sms_open: Provider, frozen_clock: Clock) -> None:
    a_contact(cast.teacher)
    night = frozen_clock("2019-10-14T23:30:00")
    a_notice(cast.teacher)
    a_notice(cast.teacher, kind=URGENT)
    assert run(night) == 1
    assert run(frozen_clock("2019-10-15T06:59:00")) == 0
    assert run(frozen_clock("2019-10-15T07:00:00")) == 1


def test_a_retry_that_falls_into_the_night_waits_for_the_morning(
    cast: Cast, sms_open: Provider, frozen_clock: Clock
) -> None:
    a_contact(cast.teacher)
    evening = frozen_clock("2019-10-14T21:59:30")
    a_notice(cast.teacher)
    sms_open.answers = [LIMITED]
    run(evening)
    run(frozen_clock("2019-10-14T22:01:00"))
    waiting = the_delivery()
    assert (waiting.state, waiting.attempts) == (DeliveryState.WAITING, 1)
    assert waiting.next_try_at == frozen_clock("2019-10-15T07:00:00")


def test_wishes_are_followed(cast: Cast, sms_open: Provider, settings: Any) -> None:
    settings.DEFAULT_FROM_EMAIL = "no-reply@example.cn"
    a_contact(cast.teacher)
    a_contact(cast.teacher, "email", "z@example.cn")
    actions.set_wishes(
        actor=actor_for(cast.teacher),
        at=clock.now(),
        wanted={(SEEN, "email")},
        quiet_from=time(0, 0),
        quiet_until=time(0, 0),
    )
    a_notice(cast.teacher)
    assert [row.channel for row in Delivery.objects.all()] == ["email"]


def test_a_removed_address_gets_nothing_more(cast: Cast, sms_open: Provider) -> None:
    contact = a_contact(cast.teacher)
    a_notice(cast.teacher)
    actions.remove_contact(actor=actor_for(cast.teacher), at=clock.now(), contact=contact)
    run(clock.now())
    assert (the_delivery().state, sms_open.asked) == (DeliveryState.GIVEN_UP, [])
    contact.refresh_from_db()
    assert (contact.value, contact.masked) == ("", "138****8000")

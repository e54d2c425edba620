"""What people are told, what they see of their own data, and who looked at it (个人信息保护法; DX-01)."""

import json

import pytest
from django.urls import reverse

from shixun.kernel import clock
from shixun.kernel.models import AuditEvent
from shixun.people import actions
from shixun.people.models import Identifier, NoticeReading
from shixun.people.privacy.notices import current_notice
from shixun.people.testing import BUILDER, Cast, actor_for, client_of, statuses

pytestmark = pytest.mark.usefixtures("frozen_clock")
NUMBER = "11010519491231002X"


def identity_number(cast: Cast) -> Identifier:
    return actions.add_identifier(
        actor=BUILDER, at=clock.now(), person=cast.teacher.person, kind="id_card", number=NUMBER
    )


def test_anyone_reads_the_notice_and_each_role_its_part(cast: Cast) -> None:
    address = reverse("people:privacy")
    assert set(statuses(cast, address).values()) == {200}
    page = client_of(cast.school_officer).get(address).content.decode()
    assert ("不要把教师的号码" in page, "三员分设" in page) == (True, False)
    assert "居民身份证号（加密保存，页面上打码）" in client_of(None).get(address).content.decode()


def test_the_notice_is_shown_until_this_version_is_read(cast: Cast) -> None:
    client = client_of(cast.teacher)
    assert "阅读并确认" in client.get("/").content.decode()
    client.post(reverse("people:privacy-read"))
    client.post(reverse("people:privacy-read"))
    assert NoticeReading.objects.get().version == current_notice().version
    assert AuditEvent.objects.filter(action="privacy.notice_read").count() == 1
    assert "阅读并确认" not in client.get("/").content.decode()


def test_everybody_sees_her_own_and_nobody_elses(cast: Cast) -> None:
    identity_number(cast)
    page = client_of(cast.teacher).get(reverse("people:own-privacy")).content.decode()
    assert ("张敏" in page, "110***********002X" in page, NUMBER in page) == (True, True, False)
    other = client_of(cast.stranger_teacher).get(reverse("people:own-privacy")).content.decode()
    assert "张敏" not in other
    assert client_of(None).get(reverse("people:own-privacy")).status_code == 302


def test_a_look_at_a_number_is_seen_by_its_owner(cast: Cast) -> None:
    number = identity_number(cast)
    address = reverse("people:own-privacy")
    assert "还没有人查看过" in client_of(cast.teacher).get(address).content.decode()
    actions.reveal_identifier(actor=actor_for(cast.district_officer), at=clock.now(), identifier=number)
    page = client_of(cast.teacher).get(address).content.decode()
    assert ("查看完整号码" in page, "王芳（区县管理员）" in page) == (True, True)


def test_a_copy_says_what_the_page_says_and_is_written_down(cast: Cast) -> None:
    identity_number(cast)
    answer = client_of(cast.teacher).post(reverse("people:own-copy"))
    copy = json.loads(answer.content)
    assert {"项目": "姓名", "内容": "张敏"} in copy["基本资料与号码"]
    assert NUMBER not in answer.content.decode()
    assert AuditEvent.objects.filter(action="privacy.copy_taken").count() == 1
    assert client_of(cast.teacher).get(reverse("people:own-copy")).status_code == 405

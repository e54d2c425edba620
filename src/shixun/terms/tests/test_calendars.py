"""The work calendar (RW-06, RW-07, SU-01): template, copy, changes, publishing, reminders and escalation."""

from collections.abc import Callable
from datetime import date, datetime

import pytest
from django.urls import reverse

from rulebook.policy import shipped_policies
from shixun.kernel import clock
from shixun.kernel.models import AuditEvent
from shixun.kernel.refusals import Refusal
from shixun.kernel.slots import MENU
from shixun.notices.models import Notice
from shixun.people.choices import Role
from shixun.people.models import User
from shixun.people.testing import Cast, a_grant, actor_for
from shixun.terms import actions
from shixun.terms.actions import ItemFields
from shixun.terms.calendars import templates
from shixun.terms.choices import Doer, Escalation
from shixun.terms.queries import calendar_for
from shixun.terms.tasks import is_called_for, tell
from shixun.terms.testing import a_calendar, an_item

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]
Clock = Callable[[str], datetime]


def told(user: User, kind: str) -> list[str]:
    rows = Notice.objects.filter(recipient=user, kind=kind).order_by("pk")
    return [notice.subject for notice in rows]


def test_the_template_is_the_plan_of_putuo_month_by_month() -> None:
    template = next(one for one in templates() if one.key == "putuo-2016")
    months = sorted({month for item in template.items for month in item["months"]})
    assert months == list(range(1, 13)), "July and August share one heading, as do January and February"
    assert len(template.items) == 47
    articles = shipped_policies()["zhejiang-2016"].articles
    assert {item["article"] for item in template.items} <= articles.keys()
    assert {item["doer"] for item in template.items} <= set(Doer.values)
    assert {item.get("escalate_to", "") for item in template.items} <= set(Escalation.values)


def test_an_item_links_to_a_page_that_is_there_or_says_where_the_work_is_done() -> None:
    entries = {entry.url_name for entry in MENU.of("menu")}
    for template in templates():
        pages = {item["page"] for item in template.items if "page" in item}
        assert pages <= entries
        assert [reverse(page) for page in pages]
        assert [item["what"] for item in template.items if not item.get("page") and not item.get("elsewhere")] == []


def test_a_copy_lies_in_its_school_year(cast: Cast) -> None:
    calendar = a_calendar(cast.district, published=False)
    plans, hours = an_item(calendar, "下半年校（园）本培训计划审核"), an_item(calendar, "下半年校（园）本培训学时录入")
    assert (plans.starts_on, plans.due_on, plans.remind_on) == (date(2019, 9, 1), date(2019, 9, 30), date(2019, 9, 23))
    assert (hours.due_on, hours.doer, hours.escalate_on) == (date(2019, 12, 31), "school", date(2020, 1, 3))
    winter = an_item(calendar, "编制上半年教师选课指导意见")
    assert (winter.starts_on, winter.due_on) == (date(2020, 1, 1), date(2020, 2, 29))
    assert calendar_for(cast.school, 2019) is None, "a draft holds for nobody"
    actions.publish_calendar(actor=actor_for(cast.district_officer), at=clock.now(), calendar=calendar)
    assert calendar_for(cast.school, 2019) == calendar
    assert calendar_for(cast.other_school, 2019) is None
    with pytest.raises(Refusal, match="已经有2019学年"):
        a_calendar(cast.district)


def test_reminders_and_escalation_come_by_the_tick_each_once(cast: Cast, frozen_clock: Clock) -> None:
    calendar = a_calendar(cast.district)
    frozen_clock("2019-12-20T08:00")
    tell.func()
    before = told(cast.school_officer, "terms.item_due")
    frozen_clock("2019-12-21T08:00")
    assert is_called_for() is True
    tell.func()
    assert told(cast.school_officer, "terms.item_due") == [*before, "10 天后到期：做好下半年校（园）本培训学时录入"]
    assert is_called_for() is False
    assert tell.func() == 0
    item = an_item(calendar, "下半年校（园）本培训学时录入")
    actions.mark_done(actor=actor_for(cast.school_officer), at=clock.now(), item=item)
    frozen_clock("2020-01-03T08:00")
    tell.func()
    late = [subject for subject in told(cast.district_officer, "terms.item_late") if "学时录入" in subject]
    assert late == ["逾期未完成：做好下半年校（园）本培训学时录入"]
    body = Notice.objects.get(recipient=cast.district_officer, subject=late[0]).body
    assert ("黄浦区实验中学" in body, "黄浦区示范小学" in body) == (True, False), "only who has not said so is named"
    assert told(cast.stranger_officer, "terms.item_late") == []


def test_who_has_done_it_is_not_reminded(cast: Cast, frozen_clock: Clock) -> None:
    calendar = a_calendar(cast.district)
    item = an_item(calendar, "指导本单位下半年教师选课报名")
    actions.mark_done(actor=actor_for(cast.school_officer), at=clock.now(), item=item)
    frozen_clock("2019-12-21T08:00")
    tell.func()
    assert all("选课报名" not in subject for subject in told(cast.school_officer, "terms.item_due"))


def test_the_principal_hears_of_her_own_school(cast: Cast, frozen_clock: Clock) -> None:
    calendar = a_calendar(cast.district)
    a_grant(cast.teacher, Role.PRINCIPAL, cast.school)
    frozen_clock("2020-07-03T08:00")
    tell.func()
    assert "逾期未完成：做好本学年校（园）本培训工作总结与评比" in told(cast.teacher, "terms.item_late")
    assert calendar.items.filter(escalated_at=None, escalate_on__lte=clock.today()).count() == 0


def test_changes_are_kept_and_reminders_follow(cast: Cast, frozen_clock: Clock) -> None:
    officer = actor_for(cast.district_officer)
    calendar = a_calendar(cast.district)
    frozen_clock("2019-10-24T08:00")
    tell.func()
    item = an_item(calendar, "新教师入职情况调研")
    assert item.reminded_at is not None
    fields = ItemFields(starts_on=date(2019, 11, 1), due_on=date(2019, 11, 30), doer="district", what=item.what)
    changed = actions.change_item(actor=officer, at=clock.now(), item=item, fields=fields)
    assert (changed.remind_on, changed.reminded_at) == (date(2019, 11, 23), None)
    event = AuditEvent.objects.get(action="work_calendar.item_changed")
    assert event.before
    assert event.after
    assert (event.before["due_on"], event.after["due_on"]) == ("2019-10-31", "2019-11-30")
    actions.mark_done(actor=officer, at=clock.now(), item=changed)
    with pytest.raises(Refusal, match="已有单位标记完成"):
        actions.remove_item(actor=officer, at=clock.now(), item=changed)
    actions.unmark_done(actor=officer, at=clock.now(), item=changed)
    actions.remove_item(actor=officer, at=clock.now(), item=changed)
    assert calendar.items.count() == 46


def test_only_whoever_does_the_work_marks_it(cast: Cast) -> None:
    calendar = a_calendar(cast.district)
    school, district = an_item(calendar, "下半年校（园）本培训学时录入"), an_item(calendar, "新教师入职情况调研")
    for user, item, may in (
        (cast.school_officer, school, True),
        (cast.school_officer, district, False),
        (cast.district_officer, district, True),
        (cast.district_officer, school, False),
        (cast.stranger_officer, district, False),
        (cast.teacher, school, False),
        (cast.city_officer, district, False),
    ):
        actor = actor_for(user)
        if may:
            actions.mark_done(actor=actor, at=clock.now(), item=item)
            continue
        with pytest.raises(Refusal):
            actions.mark_done(actor=actor, at=clock.now(), item=item)

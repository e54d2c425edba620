"""Windows: planned, published, extended, closed, with their history (RW-03, RW-07, CS-06), and what is said of them."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from functools import partial
from typing import Any

import pytest

from shixun.kernel import clock
from shixun.kernel.models import AuditEvent
from shixun.kernel.refusals import Refusal
from shixun.notices.models import Notice
from shixun.people.models import Organisation
from shixun.people.testing import BUILDER, Cast, actor_for
from shixun.terms import actions, purposes
from shixun.terms.models import Window
from shixun.terms.permissions import demand_open
from shixun.terms.queries import cycle_of, open_window, school_year_of, term_of, window_words
from shixun.terms.testing import PURPOSE, a_window

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]
Clock = Callable[[str], datetime]
EARLY, LATE = (datetime.fromisoformat(f"2019-{day}T09:00+08:00") for day in ("10-15", "11-15"))


def words(place: Organisation) -> tuple[str, str, str]:
    state = window_words(PURPOSE, place, clock.now())
    return state.kind, state.sentence, state.left


def test_the_nearest_open_window_holds_for_everything_below(cast: Cast) -> None:
    city = a_window(cast.city)
    assert open_window(PURPOSE, cast.school, clock.now()) == city
    own = a_window(cast.district)
    assert open_window(PURPOSE, cast.school, clock.now()) == own
    assert open_window(PURPOSE, cast.other_school, clock.now()) == city
    assert open_window("claims.declare", cast.school, clock.now()) is None


def test_every_state_in_words(cast: Cast, frozen_clock: Clock) -> None:
    assert words(cast.school) == ("never", "选课报名目前没有安排开放时间。", "")
    a_window(
        cast.district,
        opens_at=datetime.fromisoformat("2019-10-20T08:00+08:00"),
        closes_at=datetime.fromisoformat("2019-10-23T23:00+08:00"),
        day_from=time(8),
        day_until=time(23),
        round=2,
    )
    assert words(cast.school) == ("upcoming", "选课报名第二轮2019年10月20日 08:00开始，现在还没有开放。", "还有 6 天")
    frozen_clock("2019-10-20T09:00")
    assert words(cast.school) == ("open", "选课报名第二轮正在进行，2019年10月23日 23:00截止。", "还有 3 天")
    frozen_clock("2019-10-20T23:30")
    assert words(cast.school)[:2] == ("paused", "选课报名第二轮现在不在开放的时段，2019年10月21日 08:00再开放。")
    frozen_clock("2019-10-23T12:10")
    assert words(cast.school)[2] == "今天截止，还有 10 小时"
    frozen_clock("2019-10-23T22:23")
    assert words(cast.school)[::2] == ("last_hour", "还有 37 分钟")
    frozen_clock("2019-10-23T23:00")
    assert words(cast.school) == ("closed", "选课报名第二轮已于2019年10月23日 23:00截止。", "")


def test_a_refusal_tells_the_times_and_whom_to_ask(cast: Cast, frozen_clock: Clock) -> None:
    window = a_window(cast.district)
    assert demand_open(purpose=PURPOSE, organisation=cast.school, at=clock.now()) == window
    late = frozen_clock("2019-10-20T09:00")
    with pytest.raises(Refusal, match="已于2019年10月16日 08:00截止") as told:
        demand_open(purpose=PURPOSE, organisation=cast.school, at=late)
    assert "黄浦区" in told.value.who_can


def test_a_window_goes_its_way_and_each_step_is_kept_told_and_in_the_trail(cast: Cast, frozen_clock: Clock) -> None:
    officer, at = actor_for(cast.district_officer), clock.now()
    window = a_window(cast.district, published=False)
    assert open_window(PURPOSE, cast.school, at) is None, "a draft opens nothing"
    actions.publish_window(actor=officer, at=at, window=window)
    later = window.closes_at + timedelta(days=1)
    actions.extend_window(actor=officer, at=at, window=window, closes_at=later, reason="系统维护，顺延一天")
    actions.close_window(actor=officer, at=at, window=window, reason="名额已满")
    assert open_window(PURPOSE, cast.school, at) is None
    steps = [(change.kind, change.reason) for change in window.changes.order_by("pk")]
    assert steps == [("planned", ""), ("published", ""), ("extended", "系统维护，顺延一天"), ("closed", "名额已满")]
    trail = AuditEvent.objects.filter(action__startswith="window.").order_by("pk")
    assert [event.action.removeprefix("window.") for event in trail] == [kind for kind, _ in steps]
    told = Notice.objects.filter(recipient=cast.school_officer).order_by("pk")
    assert [notice.subject for notice in told] == ["选课报名：发布", "选课报名：延长", "选课报名：提前结束"]
    assert "理由：名额已满" in told[2].body
    assert not Notice.objects.filter(
        recipient__in=[cast.district_officer, cast.stranger_officer, cast.teacher]
    ).exists()


@pytest.mark.parametrize(
    ("act", "why"),
    [
        (partial(actions.extend_window, closes_at=EARLY, reason="x"), "应晚于"),
        (partial(actions.extend_window, closes_at=LATE, reason=" "), "理由"),
        (actions.withdraw_window, "已经开始"),
        (actions.discard_window, "只有未发布"),
        (actions.publish_window, "已经发布过"),
    ],
)
def test_what_cannot_be_done_to_a_running_window(cast: Cast, act: Any, why: str) -> None:
    window = a_window(cast.district)
    with pytest.raises(Refusal, match=why):
        act(actor=actor_for(cast.district_officer), at=clock.now(), window=window)


def test_windows_of_one_purpose_and_place_do_not_overlap(cast: Cast) -> None:
    a_window(cast.district)
    with pytest.raises(Refusal, match="已经有"):
        a_window(cast.district)
    a_window(cast.other_district)
    a_window(cast.district, purpose="schoolbased.plans")


def test_a_window_to_come_is_withdrawn_and_changed(cast: Cast) -> None:
    at = clock.now()
    window = a_window(cast.district, opens_at=at + timedelta(days=1))
    draft = actions.withdraw_window(actor=actor_for(cast.district_officer), at=at, window=window)
    assert draft.stage == "draft"
    actions.discard_window(actor=actor_for(cast.district_officer), at=at, window=draft)
    assert Window.objects.get().stage == "discarded"


def test_two_who_publish_at_once_leave_one_window(cast: Cast, in_parallel: Any) -> None:
    drafts = [a_window(cast.district, published=False) for _ in range(3)]
    at = clock.now()
    results = in_parallel([partial(actions.publish_window, actor=BUILDER, at=at, window=one) for one in drafts])
    assert sorted(type(result).__name__ for result in results) == ["Refusal", "Refusal", "Window"]


def test_two_rooms_cannot_want_the_same_purpose(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(purposes, "_purposes", dict(purposes._purposes))
    monkeypatch.setattr(purposes, "_owned", set())
    purposes.register_purpose(PURPOSE, title="选课", page="people:persons")
    assert (purposes.purpose_of(PURPOSE).title, purposes.purpose_of(PURPOSE).url) == ("选课", "/persons/")
    with pytest.raises(ValueError, match="选课"):
        purposes.register_purpose(PURPOSE, title="另一个", page="")


def test_school_years_terms_and_cycles(cast: Cast) -> None:
    day = datetime(2019, 10, 14).date()
    assert (school_year_of(day), term_of(day).name) == (2019, "2019学年第一学期")
    assert term_of(day.replace(year=2020, month=3)).name == "2019学年第二学期"
    assert school_year_of(day.replace(month=8)) == 2018
    assert (cycle_of(day).id, cycle_of(day.replace(year=2021)).id) == ("2016-2020", "2021-2025")
    actions.set_school_year(
        actor=actor_for(cast.district_officer),
        at=clock.now(),
        organisation=cast.district,
        number=2019,
        valid_from=day.replace(month=8, day=26),
        second_term_from=day.replace(year=2020, month=2, day=17),
        valid_until=day.replace(year=2020, month=8, day=24),
    )
    assert school_year_of(day.replace(month=8, day=27), cast.school) == 2019
    assert school_year_of(day.replace(month=8, day=27), cast.other_school) == 2018
    with pytest.raises(Refusal, match="不能确定"):
        actions.set_school_year(
            actor=actor_for(cast.stranger_officer),
            at=clock.now(),
            organisation=cast.district,
            number=2019,
            valid_from=day,
            second_term_from=day + timedelta(days=1),
            valid_until=day + timedelta(days=2),
        )

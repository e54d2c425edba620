"""A district files its rules: by layer, with its own tables; the city files, returns, refuses (PR-19, CL-05, CL-12)."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from rulebook.parameters import BadChoices
from shixun.approvals.actions import move_case, undo_step
from shixun.approvals.models import Case
from shixun.approvals.queries import inbox_of, revisions_of
from shixun.kernel import clock
from shixun.kernel.refusals import Refusal
from shixun.people.acting import Actor
from shixun.people.testing import Cast, actor_for, client_of, statuses
from shixun.policy.actions import file_local_rules, set_local_rules
from shixun.policy.models import FilingSubmission, LocalRules
from shixun.policy.queries import newest_policies, policy_in_force
from shixun.policy.queries.filings import FILING
from shixun.policy.testing import an_adoption
from shixun.policy.tests.test_in_force import choose
from shixun.terms.testing import a_window

pytestmark = pytest.mark.usefixtures("frozen_clock")
CHOICES: dict[str, Any] = {
    "minimum": {"city": "5"},
    "layer": {"senior": {"autonomous.district": "4"}},
    "conversion": [
        {
            "table": "senior",
            "name": "区级课题",
            "unit": "项",
            "credits": "3",
            "category": "knowledge",
            "tag": "senior_core",
        }
    ],
    "offset": [{"table": "free_choice", "category": "knowledge"}],
}


@pytest.fixture(autouse=True)
def _in_force(cast: Cast) -> None:
    an_adoption(cast.city)


@pytest.fixture
def district(cast: Cast) -> Actor:
    return actor_for(cast.district_officer)


@pytest.fixture
def city(cast: Cast) -> Actor:
    return actor_for(cast.city_officer)


def filed(actor: Actor, cast: Cast, choices: dict[str, Any] = CHOICES, **details: Any) -> Case:
    given = {"valid_from": clock.today(), "reason": "区局会议", **details}
    policy = newest_policies()["shanghai-2016"]
    return file_local_rules(
        actor=actor, at=clock.now(), organisation=cast.district, policy=policy, choices=choices, **given
    )


def moved(actor: Actor, case: Case, action: str, reason: str = "") -> Case:
    return move_case(actor=actor, at=clock.now(), case=case, action=action, reason=reason)


def test_rules_come_into_force_when_the_city_has_filed_them(cast: Cast, district: Actor, city: Actor) -> None:
    case = filed(district, cast)
    assert (case.state, case.place) == ("city_pending", cast.city)
    assert list(inbox_of(city, clock.now())) == [case]
    assert policy_in_force(cast.school, clock.today()).local.minimum == {}
    case = moved(city, case, "approve")
    local = policy_in_force(cast.school, clock.today()).local
    assert (local.minimum, local.layers) == ({"teacher/city": 500}, {"senior": {"teacher/autonomous.district": 400}})
    assert [(row.table, row.credits) for row in local.rows] == [("senior", 300), ("free_choice", 0)]
    assert [move.article for move in local.moves] == ["shanghai-2016:学分管理办法:三.6"]
    assert LocalRules.objects.get().case == case
    with pytest.raises(Refusal, match="已经生效"):
        undo_step(actor=city, at=clock.now(), case=case)


def test_what_is_returned_is_revised_with_a_readable_difference(cast: Cast, district: Actor, city: Actor) -> None:
    case = moved(city, filed(district, cast), "return", "高级教师的要求请再商议")
    again = filed(district, cast, {**CHOICES, "layer": {}, "minimum": {"city": "6"}}, reason="区局会议（二）")
    assert (again.pk, again.state) == (case.pk, "city_pending")
    told = [(change.label, change.before, change.after) for change in revisions_of(again)[0].changes]
    assert told == [
        ("理由", "区局会议", "区局会议（二）"),
        ("市级", "5.00", "6.00"),
        ("高级教师：区级自主研修", "4.00", ""),
    ]
    with pytest.raises(Refusal, match="修改内容"):
        filed(district, cast)
    assert moved(city, again, "refuse", "超出本市指导意见").state == "refused"
    assert LocalRules.objects.count() == 0


def test_what_the_articles_forbid_is_refused_with_the_article(cast: Cast, district: Actor) -> None:
    to_city = {
        "table": "base",
        "name": "基地",
        "unit": "学期",
        "credits": "1",
        "category": "knowledge",
        "level": "city",
    }
    with pytest.raises(BadChoices) as refused:
        filed(district, cast, {"offset": [to_city], "layer": {"junior": {"city": "9"}}})
    assert [(error.key, error.article.rpartition(":")[2]) for error in refused.value.errors] == [
        ("offset.1.level", "三.6"),
        ("layer.junior.city", "一.1"),
    ]
    with pytest.raises(Refusal, match="先报备案"):
        set_local_rules(
            actor=district,
            at=clock.now(),
            organisation=cast.district,
            policy=newest_policies()["shanghai-2016"],
            choices={},
            valid_from=clock.today(),
            reason="r",
        )


def test_rules_that_changed_meanwhile_are_not_filed_over(cast: Cast, district: Actor, city: Actor) -> None:
    case = filed(district, cast)
    choose(cast.district, {"minimum": {"city": "6"}})
    with pytest.raises(Refusal, match="已有新的版本"):
        moved(city, case, "approve")


def test_the_filing_is_seen_by_district_and_city_with_its_effect(cast: Cast, district: Actor) -> None:
    case = filed(district, cast)
    address = reverse("approvals:case", kwargs={"uuid": case.uuid})
    seen = {"district_officer": 200, "city_officer": 200, "anonymous": 302}
    others = dict.fromkeys(("teacher", "school_officer", "stranger_teacher", "stranger_officer"), 403)
    assert statuses(cast, address) == {**others, **seen}
    page = client_of(cast.city_officer).get(address).content.decode()
    for words in (
        "关系到黄浦区现有的",
        "高级教师 0 人（另有要求）",
        "每项 3.00 学分，计入区级知识与技能（带教、课程开发、课题研究）",
        "区级 自主研修可以冲抵区级知识与技能课程",
        "同意备案",
    ):
        assert words in page, words
    rules = client_of(cast.teacher).get(reverse("policy:local-rules", kwargs={"uuid": cast.district.uuid}))
    assert "最近一次报送：待备案" in rules.content.decode()


def test_the_form_carries_layers_and_own_rows_through_the_preview(cast: Cast) -> None:
    client = client_of(cast.district_officer)
    address = reverse("policy:change-local-rules", kwargs={"uuid": cast.district.uuid})
    form = {
        "valid_from": "2019-11-01",
        "reason": "区局会议",
        "after": "0",
        "layer:junior:teacher/autonomous.district": "4",
        "own:offset:1:table": "base",
        "own:offset:1:name": "学科研修基地",
        "own:offset:1:unit": "学期",
        "own:offset:1:credits": "1",
        "own:offset:1:category": "practice",
    }
    page = client.post(address, {**form, "step": "preview"})
    assert (page.status_code, "不能计入实践体验（依据 学分管理办法 二.2）" in page.content.decode()) == (422, True)
    form["own:offset:1:category"] = "knowledge"
    preview = client.post(address, {**form, "step": "preview"}).content.decode()
    for words in ("经示范市备案后", "初级教师：区级自主研修", "本区冲抵办法：学科研修基地", "报送备案", "存为草稿"):
        assert words in preview, words
    answer = client.post(address, {**form, "step": "draft"})
    case = Case.objects.get()
    assert (answer["Location"], case.state) == (reverse("approvals:case", kwargs={"uuid": case.uuid}), "draft")
    assert case.content["choices"]["offset"] == [
        {"table": "base", "name": "学科研修基地", "unit": "学期", "credits": "1", "category": "knowledge"}
    ]
    assert 'value="学科研修基地"' in client.get(address).content.decode()
    assert client.post(address, {**form, "step": "apply"}).status_code == 302
    assert client.get(address).status_code == 409


def test_a_window_for_filing_is_demanded_once_one_is_planned(
    cast: Cast, district: Actor, city: Actor, frozen_clock: Any
) -> None:
    """Without one rules are handed in at any time; a returned filing has the days of its return instead (RW-06)."""
    window = a_window(cast.city, purpose=FILING, title="本区规则报送")
    case = filed(district, cast)
    assert case.filing_submissions.get().window == window
    assert "本区规则报送正在进行" in client_of(cast.district_officer).get("/local-rules/", follow=True).content.decode()
    frozen_clock("2019-10-17")
    moved(city, case, "return", "请补充依据")
    again = filed(district, cast, reason="区局会议（二）")
    assert [row.window for row in again.filing_submissions.order_by("pk")] == [window, None]
    moved(district, again, "withdraw")
    with pytest.raises(Refusal, match="本区规则报送已于2019年10月16日 08:00截止"):
        filed(district, cast)
    assert Case.objects.filter(closed_at=None).count() == 0


def test_the_database_refuses_a_filing_outside_its_window(cast: Cast, district: Actor) -> None:
    window = a_window(cast.city, purpose=FILING)
    case = filed(district, cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        FilingSubmission.objects.create(case=case, window=window, at=window.closes_at)


def test_an_undone_handing_in_does_not_count(cast: Cast, district: Actor) -> None:
    case = filed(district, cast)
    undone = undo_step(actor=district, at=clock.now(), case=case)
    assert (undone.state, case.filing_submissions.get().undone_at) == ("draft", clock.now())

"""Districts' rules on their way to be filed, in every state a filing can be in (PR-19, CL-05, CL-12).

A filing is told as days before the demo's day, so that it is as fresh whenever the demo begins; the clockwork of
deadlines runs over them once, so that what is overdue has been escalated.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from shixun.approvals.actions import escalate_due, move_case, undo_step
from shixun.approvals.models import Case
from shixun.demo.places.shanghai import CITY, HUANGPU, XUHUI
from shixun.demo.places.zhejiang import PROVINCE, PUTUO
from shixun.people.acting import Actor, actor_of
from shixun.people.choices import Role
from shixun.people.models import Organisation, RoleGrant
from shixun.policy.actions import file_local_rules
from shixun.policy.queries import newest_policies, newest_rules

_FILED, _RETURNED, _REFUSED = "approve", "return", "refuse"


@dataclass(frozen=True, slots=True)
class Decision:
    """What the city (or province) did, so many days ago; ``undone`` a few minutes later."""

    days_ago: int
    action: str
    reason: str = ""
    undone: bool = False


@dataclass(frozen=True, slots=True)
class Filing:
    """What a district proposed, so many days ago, and what became of it; later proposals revise it."""

    place: str
    policy_id: str
    days_ago: int
    added: Mapping[str, Any]
    reason: str
    submit: bool = True
    decisions: tuple[Decision, ...] = ()
    withdrawn_days_ago: int | None = None


_SENIOR_TABLE = [
    {"table": "senior", "name": "区级课题研究（主持）", "unit": "项", "credits": "3", "cap": "9",
     "category": "knowledge", "tag": "senior_core"},
    {"table": "senior", "name": "带教见习教师", "unit": "人", "credits": "2", "cap": "8",
     "category": "practice", "tag": "senior_core"},
    {"table": "senior", "name": "区级公开课或讲座", "unit": "次", "credits": "0.5", "cap": "4",
     "category": "knowledge", "tag": "senior"},
    {"table": "principal", "name": "跨区挂职锻炼", "unit": "月", "credits": "2", "cap": "6",
     "category": "practice", "tag": "release"},
]  # fmt: skip
_OFFSETS = [
    {"table": "free_choice", "category": "knowledge"},
    {"table": "base", "name": "学科研修基地学习", "unit": "学期", "credits": "1", "cap": "3", "category": "knowledge"},
    {"table": "teaching", "name": "开发区级课程", "unit": "门", "credits": "2", "cap": "4", "category": "knowledge"},
]  # fmt: skip
_LAYERS = {"senior": {"autonomous.district": "4"}, "junior": {"district.ethics_literacy": "2.5"}}
_SHANGHAI, _NEXT_PLAN = "shanghai-2016", "shanghai-2021"
FILINGS = (
    # Filed long ago, and since then in force.
    Filing(XUHUI, _SHANGHAI, 400, {"conversion": _SENIOR_TABLE}, "区教育局局务会议：高级教师和校长的学分折算办法。",
           decisions=(Decision(392, _FILED),)),
    Filing(XUHUI, _SHANGHAI, 60, {"minimum": {"school": "18"}}, "加强校本研修。",
           decisions=(Decision(52, _REFUSED, "校本要求提高后，与市级、区级要求合计超过 36 学分，加重教师负担。"),)),
    # Returned for correction, and not yet sent again.
    Filing(XUHUI, _SHANGHAI, 8, {"minimum": {"district.knowledge": "11"}}, "提高区级知识与技能要求。",
           decisions=(Decision(2, _RETURNED, "请说明课程供给能否满足，并附全年开课计划。"),)),
    # Overdue: the days of the city are over, and it has been escalated.
    Filing(XUHUI, _NEXT_PLAN, 16, {"switch": {"practice_pro_rata": True}}, "下一周期的实践体验按次折算。"),
    Filing(HUANGPU, _SHANGHAI, 45, {"switch": {"practice_pro_rata": True}}, "实践体验按次折算。",
           withdrawn_days_ago=43),
    # Waiting, freshly submitted, with layers and its own tables: what the city officer opens first.
    Filing(HUANGPU, _SHANGHAI, 3, {"layer": _LAYERS, "conversion": _SENIOR_TABLE, "offset": _OFFSETS},
           "区教育局第 9 次办公会议：对高级、初级教师分层要求，并制定本区折算和冲抵办法。"),
    Filing(HUANGPU, _NEXT_PLAN, 1, {"switch": {"practice_pro_rata": True}}, "拟按次折算，征求各校意见中。",
           submit=False),
    # Refused by mistake and undone within minutes: it waits again.
    Filing(PUTUO, "zhejiang-2016", 6, {"minimum": {"yearly_local": "40"}}, "下一年度每年不少于 40 学分。",
           decisions=(Decision(4, _REFUSED, "误操作", undone=True),)),
)  # fmt: skip


def build_filings(organisations: Mapping[str, Organisation], *, at: datetime) -> int:
    """Every filing of districts that are there, then what their deadlines have done; the number of cases."""
    made = [_filed(filing, organisations, at) for filing in FILINGS if filing.place in organisations]
    escalate_due(at)
    return len(made)


def _filed(filing: Filing, organisations: Mapping[str, Organisation], at: datetime) -> Case:
    place, policy = organisations[filing.place], newest_policies()[filing.policy_id]
    known = newest_rules(place, policy.id)
    before = dict(known.choices) if known else {}
    choices = {**before, **{name: _over(before.get(name), added) for name, added in filing.added.items()}}
    opened_at = at - timedelta(days=filing.days_ago)
    officer = _officer(place, Role.DISTRICT_OFFICER)
    case = file_local_rules(
        actor=officer,
        at=opened_at,
        organisation=place,
        policy=policy,
        choices=choices,
        valid_from=max(policy.valid_from, (opened_at + timedelta(days=30)).date()),
        reason=filing.reason,
        submit=filing.submit,
    )
    above = _officer(organisations[CITY if policy.id == _SHANGHAI else PROVINCE], Role.CITY_OFFICER)
    for decision in filing.decisions:
        moment = at - timedelta(days=decision.days_ago)
        case = move_case(actor=above, at=moment, case=case, action=decision.action, reason=decision.reason)
        if decision.undone:
            case = undo_step(actor=above, at=moment + timedelta(minutes=4), case=case)
    if filing.withdrawn_days_ago is not None:
        moment = at - timedelta(days=filing.withdrawn_days_ago)
        case = move_case(actor=officer, at=moment, case=case, action="withdraw", reason="方案还要再论证。")
    return case


def _over(before: Any, added: Any) -> Any:
    return {**before, **added} if isinstance(before, Mapping) and isinstance(added, Mapping) else added


def _officer(place: Organisation, role: str) -> Actor:
    """The officer of an area, at one of its bodies; the first by the name of her account."""
    grants = RoleGrant.objects.filter(role=role, organisation__parent=place)
    rows = grants.select_related("user__person", "organisation__parent").order_by("user__username")
    return actor_of(rows[0])

"""Which policies the two regions go by, and what some districts have chosen within them (PR-18, AMB-01)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from rulebook.policy import Policy
from shixun.demo.places.shanghai import CITY, HUANGPU, XUHUI
from shixun.demo.places.zhejiang import PROVINCE, PUTUO
from shixun.people.acting import Actor
from shixun.people.models import Organisation
from shixun.policy.actions import adopt, set_local_rules
from shixun.policy.queries import newest_policies

_ADOPTED = (
    (CITY, "shanghai-2016", date(2016, 1, 1), date(2021, 1, 1)),
    (CITY, "shanghai-2021", date(2021, 1, 1), None),
    (PROVINCE, "zhejiang-2016", date(2016, 9, 1), None),
)


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a district has chosen, from when, why."""

    place: str
    policy_id: str
    valid_from: date
    choices: Mapping[str, Any]
    reason: str


CHOSEN = (
    Chosen(
        HUANGPU,
        "shanghai-2016",
        date(2016, 9, 1),
        {
            "minimum": {"city": "5", "district.knowledge": "10.5"},
            "switch": {"autonomous_in_level": True},
            "claim": {
                "loan": {"open": True},
                "special-case": {"open": True},
                "research": {"credits": {"county": "1.5"}},
            },
        },
        "本区优质课程供给充足，提高市级和区级知识与技能要求；自主研修同时计入所在层级。",
    ),
    Chosen(
        XUHUI,
        "shanghai-2016",
        date(2017, 1, 1),
        {"switch": {"reduction_by_entry_year": True}},
        "新教师进入周期晚，按进入教育系统的年份逐年递减。",
    ),
)


DECIDED_BEFORE = timedelta(days=21)
"""A district publishes its choices some weeks before they hold."""


def put_in_force(organisations: Mapping[str, Organisation], *, actor: Actor, at: datetime) -> None:
    """Adopt the policies and set the districts' choices, as far as the places are there."""
    for code, policy_id, valid_from, valid_until in _ADOPTED:
        adopt(
            actor=actor,
            at=at,
            organisation=organisations[code],
            policy_id=policy_id,
            valid_from=valid_from,
            valid_until=valid_until,
        )
    policies = newest_policies()
    for chosen in (*CHOSEN, _putuo(policies["zhejiang-2016"])):
        decided_on = datetime.combine(chosen.valid_from - DECIDED_BEFORE, time(9), tzinfo=at.tzinfo)
        set_local_rules(
            actor=actor,
            at=decided_on,
            organisation=organisations[chosen.place],
            policy=policies[chosen.policy_id],
            choices=chosen.choices,
            valid_from=chosen.valid_from,
            reason=chosen.reason,
        )


def _putuo(policy: Policy) -> Chosen:
    """The county's own plan, which is shipped with the province's policy."""
    plan = policy.locals["putuo"]
    choices = {name: plan[name] for name in ("minimum", "switch", "reduction") if name in plan}
    return Chosen(
        PUTUO, policy.id, policy.valid_from, choices, "普陀区师训工作计划：年度学分、师德必修和网络培训的要求。"
    )

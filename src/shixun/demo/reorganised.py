"""Organisations that changed: one school merged into another, one renamed, one closed, each by its district (DX-01)."""

from collections.abc import Mapping
from datetime import date, datetime

from shixun.demo.places.shanghai import HUANGPU, XUHUI
from shixun.demo.seeded import uuid_for
from shixun.people.acting import Actor, actor_of
from shixun.people.choices import Role
from shixun.people.models import Organisation, RoleGrant
from shixun.people.organisations.actions import change_organisations, open_place
from shixun.people.organisations.choices import OrganisationChangeKind as Kind
from shixun.people.organisations.plans import Plan

_OPENED, _MERGED, _CLOSED, _RENAMED = date(2008, 9, 1), date(2016, 9, 1), date(2015, 9, 1), date(2016, 9, 1)

_ENDED = (
    ("M01", "黄浦区江南小学", _MERGED, Kind.MERGED, "生源减少，与邻近学校合并办学。", "黄教〔2016〕26号"),
    ("M02", "黄浦区沿江小学", _CLOSED, Kind.CLOSED, "校舍动迁，学生和教师已分流到邻近学校。", "黄教〔2015〕19号"),
)


def build_reorganised(organisations: Mapping[str, Organisation], *, actor: Actor, at: datetime) -> int:
    """Two schools without people any more open and end, another gets the name it has now; how many opened."""
    ended = _build_ended(organisations, actor, at)
    renamed = organisations[f"{XUHUI}-004"]
    plan = Plan(
        Kind.RENAMED, (renamed,), _RENAMED, "经评估成为区实验园。", "徐教〔2016〕41号", name=_renamed(renamed.name)
    )
    change_organisations(actor=actor, at=at, plan=plan)
    renamed.refresh_from_db()
    return ended


def _build_ended(organisations: Mapping[str, Organisation], actor: Actor, at: datetime) -> int:
    huangpu, first = organisations[HUANGPU], organisations[f"{HUANGPU}-001"]
    officer = _district_officer()
    for code, name, on, kind, reason, document in _ENDED:
        school = open_place(
            actor=actor,
            at=at,
            parent=huangpu,
            code=f"{HUANGPU}-{code}",
            name=name,
            kind="school",
            stage="primary",
            valid_from=_OPENED,
            reason="原有学校。",
            document="",
            uuid=uuid_for("organisation", f"{HUANGPU}-{code}"),
        )
        successor = first if kind == Kind.MERGED else None
        plan = Plan(kind, (school,), on, reason, document, successor=successor)
        change_organisations(actor=officer, at=at, plan=plan)
    return len(_ENDED)


def _renamed(name: str) -> str:
    """徐汇区朝阳幼儿园 → 徐汇区朝阳实验幼儿园."""
    kind = "幼儿园" if name.endswith("幼儿园") else name[-2:]
    return f"{name.removesuffix(kind)}实验{kind}"


def _district_officer() -> Actor:
    grants = RoleGrant.objects.select_related("user__person", "organisation__parent")
    return actor_of(grants.get(user__username="district-huangpu", role=Role.DISTRICT_OFFICER))

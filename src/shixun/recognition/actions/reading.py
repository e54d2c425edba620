"""From what was typed into a claim to what it means: its columns, its worth, and how a reviewer reads it."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from rulebook.amounts import show_amount
from rulebook.claims import ClaimWorth
from rulebook.policy.claim_kinds import ClaimField
from shixun.people.choices import OrganisationKind
from shixun.people.models import Organisation
from shixun.people.queries import chain_of
from shixun.recognition.facts import ClaimGround, account_of_claim, earlier_of, ground_of, worth_of_values
from shixun.recognition.likeness.numbers import number_key
from shixun.recognition.models import Claim, ReportedProject
from shixun.recognition.validators import day_of, read_values, spelled

#: What a form may say beside the fields of its kind.
BESIDE = ("host", "project")


def claim_ground(organisation: Organisation, kind: str, on: date) -> ClaimGround | None:
    """Under what a claim stands on a day."""
    return ground_of(organisation, kind, on)


def ground_of_claim(claim: Claim, today: date) -> ClaimGround | None:
    """Under what a claim stands: the policy of the day it was earned, today's while that day is not known."""
    return ground_of(claim.organisation, claim.kind, claim.ends_on or today)


def put_in(claim: Claim, raw: Mapping[str, Any], today: date) -> ClaimWorth:
    """Put what was typed into a claim that is not yet saved: its values as typed, its columns as understood."""
    ground = ground_of(claim.organisation, claim.kind, day_of(raw.get("ends_on")) or today)
    if ground is None:
        return ClaimWorth(missing=("取得日期当时的政策没有这种申报",))
    claim.values = {row.id: str(raw.get(row.id) or "").strip()[:1_000] for row in ground.kind.fields}
    claim.values |= {name: str(raw.get(name) or "").strip() for name in BESIDE}
    typed, problems = read_values(ground.kind, claim.values, today)
    claim.policy_id, claim.policy_digest = ground.policy.id, ground.policy.digest
    claim.project = _project(claim.values["project"])
    claim.host = _host(claim.values["host"], claim.organisation) if ground.kind.crosses else None
    claim.starts_on = typed.get("starts_on")
    claim.ends_on = None if "ends_on" in problems else typed.get("ends_on")
    claim.returns_on = typed.get("returns_on")
    if claim.project is not None:
        claim.starts_on, claim.ends_on = claim.project.starts_on, claim.project.ends_on
    title = claim.project.name if claim.project else str(typed.get("title") or typed.get("programme") or "")
    claim.title, claim.spelled = title, spelled(title)
    claim.number = str(typed.get("number") or "")
    claim.number_key = number_key(claim.number)
    claim.place = str(typed.get("place") or "")
    worth = worth_of_values(ground, typed, earlier_of(claim.person, claim.kind, claim), claim.project, claim.person)
    put_worth(claim, worth, ground)
    return worth


def put_worth(claim: Claim, worth: ClaimWorth, ground: ClaimGround) -> None:
    """Write what a claim is worth into its columns."""
    claim.hours, claim.days = worth.hours, worth.days
    claim.credits, claim.uncapped = worth.credits, worth.uncapped
    claim.level, claim.category, claim.form = worth.level, worth.category, worth.form
    claim.tags = ";".join(sorted(worth.tags))
    if worth.earned_on is not None:
        claim.account = account_of_claim(claim, ground, worth.earned_on)


def worth_now(claim: Claim, today: date) -> tuple[ClaimGround | None, ClaimWorth, dict[str, str]]:
    """What a claim would be worth as its values stand, with the problems by field; writes nothing."""
    ground = ground_of_claim(claim, today)
    if ground is None:
        return None, ClaimWorth(), {}
    typed, problems = read_values(ground.kind, claim.values, today)
    earlier = earlier_of(claim.person, claim.kind, claim)
    return ground, worth_of_values(ground, typed, earlier, claim.project, claim.person), problems


def _project(text: str) -> ReportedProject | None:
    return (
        ReportedProject.objects.select_related("organisation").filter(uuid__in=_uuids(text)).first() if text else None
    )


def _host(text: str, home: Organisation) -> Organisation | None:
    """The district where it was earned, if it is another one of the same region than the person's own."""
    if not text:
        return None
    host = Organisation.objects.filter(uuid__in=_uuids(text), kind=OrganisationKind.DISTRICT).first()
    if host is None or home.path.startswith(host.path):
        return None
    return host if chain_of(host).first() == chain_of(home).first() else None


def _uuids(text: str) -> list[UUID]:
    try:
        return [UUID(text)]
    except ValueError:
        return []


def shown_value(field: ClaimField, raw: Any) -> str:
    """A value of the form in words."""
    if field.type == "day" and (day := day_of(raw)):
        return f"{day.year}年{day.month}月{day.day}日"
    return field.options.get(str(raw), str(raw)) if field.options else str(raw or "")


def shown_values(claim: Claim, ground: ClaimGround) -> dict[str, str]:
    """Every field of a claim by its name, in words, and what it is worth; what a case says."""
    said = {"申报种类": ground.kind.name, "教师": claim.person.name}
    if claim.project is not None:
        said["报送项目"] = claim.project.name
    said |= {row.name: shown_value(row, claim.values.get(row.id)) for row in ground.kind.fields}
    if claim.host is not None:
        said["学习所在区县"] = claim.host.name
    said["学时"] = show_amount(claim.hours) if claim.hours else said.get("学时", "")
    if claim.days:
        said["天数"] = str(claim.days)
    said["学分"] = show_amount(claim.credits)
    said["佐证材料"] = "、".join(claim.evidence.order_by("created_at", "pk").values_list("file__name", flat=True))
    return {name: text for name, text in said.items() if text}


def content_of(claim: Claim, ground: ClaimGround) -> dict[str, Any]:
    """What the case of a claim holds: its words, and what decides about its way."""
    return {
        "kind": claim.kind,
        "chain": list(ground.kind.chain),
        "declared_as": claim.declared_as,
        "host": str(claim.host.uuid) if claim.host and ground.kind.crosses else None,
        "credits": claim.credits,
        "shown": shown_values(claim, ground),
    }


def described(claim: Claim) -> dict[str, Any]:
    """A claim as the trail keeps it."""
    days = {name: value.isoformat() for name in ("starts_on", "ends_on") if (value := getattr(claim, name))}
    return {
        "kind": claim.kind,
        "person": str(claim.person.uuid),
        "title": claim.title,
        "hours": claim.hours,
        "credits": claim.credits,
        "place": f"{claim.level}/{claim.category}/{claim.form}",
        **days,
    }

"""Registering a project whose results are reported."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from shixun.kernel import audit
from shixun.kernel.access import demand
from shixun.kernel.refusals import Refusal
from shixun.people.acting import Actor
from shixun.people.queries import area_of
from shixun.policy.queries import policy_in_force
from shixun.recognition.facts import is_known_to
from shixun.recognition.models import ReportedProject
from shixun.recognition.permissions import can_register_projects


def register_project(*, actor: Actor, at: datetime, details: dict[str, Any]) -> ReportedProject:
    """Register a project for the actor's area; ``details`` are its fields. Raises ``Refusal`` for a twin."""
    demand(can_register_projects, actor)
    if actor.organisation is None:
        raise Refusal("您目前的角色不属于任何地区，不能登记项目。")
    area = area_of(actor.organisation)
    row = ReportedProject(organisation=area, created_by=actor.user, created_at=at, **details)
    policy = policy_in_force(area, row.ends_on).policy
    if not is_known_to(policy, row):
        raise Refusal(f"《{policy.short_name}》没有这样的层级、类别、形式或标记。", status=409)
    with transaction.atomic():
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:
            raise Refusal(f"{area.name}已经登记过 {row.starts_on} 开始的“{row.name}”。", status=409) from None
        said = {key: value.isoformat() if hasattr(value, "isoformat") else value for key, value in details.items()}
        audit.record(
            actor=actor,
            at=at,
            action="reported_project.registered",
            subject_kind="recognition.project",
            subject_uuid=row.uuid,
            organisation=area,
            after=said,
        )
    return row

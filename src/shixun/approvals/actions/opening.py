"""Opening a case, once per key, and revising what it says while it is with the applicant."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from shixun.approvals.actions.moving import locked, newest_revision, pass_levels
from shixun.approvals.actions.steps import arrive, write_step
from shixun.approvals.choices import StepKind
from shixun.approvals.flows import flow_of
from shixun.approvals.models import Case, Revision
from shixun.approvals.permissions import is_applicant
from shixun.kernel.refusals import Refusal
from shixun.people.acting import Actor
from shixun.people.models import Organisation, Person, User


def open_case(
    *,
    actor: Actor,
    at: datetime,
    flow: str,
    subject_kind: str,
    subject_uuid: UUID,
    title: str,
    organisation: Organisation,
    content: Mapping[str, Any],
    person: Person | None = None,
    key: str | None = None,
    due_at: datetime | None = None,
    author: User | None = None,
) -> Case:
    """A case in the first state of a flow, with its first revision. The same ``key`` again gives the case there is.

    ``content`` is JSON-ready; ``person`` is whom it concerns; ``due_at`` takes the place of the level's own days.
    ``author`` is whose case it is where a colleague hands it in for her.
    Whether the actor may start such a thing is the calling room's to check.
    """
    known = Case.objects.filter(key=key).first() if key else None
    if known is not None:
        return known
    declared = flow_of(flow)
    case = Case(
        flow=flow,
        key=key,
        subject_kind=subject_kind,
        subject_uuid=subject_uuid,
        title=title,
        organisation=organisation,
        person=person,
        opened_by=author or actor.user,
        opened_at=at,
        content=dict(content),
    )
    settled = arrive(case, declared, declared.state(declared.start), at, due_at)
    try:
        with transaction.atomic():
            case.save(force_insert=True)
            Revision(case=case, number=1, content=case.content, user=actor.user, at=at).save(force_insert=True)
            write_step(actor=actor, at=at, case=case, kind=StepKind.OPENED)
            if not settled:
                pass_levels(case, declared, actor=actor, at=at)
    except IntegrityError:
        other = Case.objects.filter(key=key).first() if key else None
        if other is None:
            raise
        return other
    return case


@transaction.atomic
def revise_case(*, actor: Actor, at: datetime, case: Case, content: Mapping[str, Any]) -> Revision:
    """A new revision of what a case says; the earlier ones stay. The same content again writes nothing.

    Raises ``Refusal`` where the case is under review or closed, or the actor is not on the applicant's side.
    """
    held = locked(case)
    state = held.declared_state
    if not is_applicant(actor, held):
        raise Refusal("只有发起方可以修改这件事项的内容。", who_can=f"请联系{held.opened_by or held.organisation}。")
    if not state.with_applicant:
        raise Refusal(
            f"这件事项现在是“{state.title}”，不能修改内容。",
            who_can="请先撤回，或等待审核方退回后再修改。",
            status=409,
        )
    number = newest_revision(held)
    if held.content == dict(content):
        return Revision.objects.get(case=held, number=number)
    held.content = dict(content)
    held.version += 1
    held.save(update_fields=["content", "version"])
    revision = Revision(case=held, number=number + 1, content=held.content, user=actor.user, at=at)
    revision.save(force_insert=True)
    write_step(actor=actor, at=at, case=held, kind=StepKind.REVISED, from_state=held.state, revision=number + 1)
    case.content, case.version = held.content, held.version
    return revision

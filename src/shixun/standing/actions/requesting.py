"""An officer asks for her scope to be computed now; a task does it and says how far it is."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from shixun.kernel import audit
from shixun.kernel.access import demand
from shixun.people.acting import Actor
from shixun.standing.actions.refreshing import refresh_standings
from shixun.standing.choices import RefreshState
from shixun.standing.models import StandingRefresh
from shixun.standing.permissions import can_list_standings
from shixun.standing.queries.freshness import open_refresh


@transaction.atomic
def ask_for_refresh(*, actor: Actor, at: datetime) -> tuple[StandingRefresh, bool]:
    """The refresh of the actor's scope that is under way, or a new one; and whether it is new."""
    demand(can_list_standings, actor)
    organisation = actor.organisation
    assert organisation is not None, "an officer acts for an organisation"  # noqa: S101 - held by the permission
    under_way = open_refresh(organisation)
    if under_way is not None:
        return under_way, False
    refresh = StandingRefresh.objects.create(organisation=organisation, asked_by=actor.user, asked_at=at)
    audit.record(
        actor=actor,
        at=at,
        action="standing.refresh_asked",
        subject_kind="standing.refresh",
        subject_uuid=refresh.uuid,
        organisation=organisation,
    )
    return refresh, True


def run_refresh(*, actor: Actor, at: datetime, uuid: UUID, on: date) -> int:
    """Do what was asked for, telling the row how far it is; gives the number of persons."""
    refresh = StandingRefresh.objects.select_related("organisation__parent").get(uuid=uuid)
    _tell(refresh, RefreshState.RUNNING)

    def advance(done: int, total: int) -> None:
        refresh.done, refresh.total = done, total
        _tell(refresh, RefreshState.RUNNING)

    try:
        scope = refresh.organisation.scope
        persons = refresh_standings(actor=actor, at=at, scope=scope, on=on, progress=advance)
    except BaseException:
        _tell(refresh, RefreshState.FAILED)
        raise
    refresh.done = refresh.total = persons
    _tell(refresh, RefreshState.DONE)
    return persons


def _tell(refresh: StandingRefresh, state: RefreshState) -> None:
    refresh.state = state
    refresh.save(update_fields=["state", "done", "total", "touched_at"])

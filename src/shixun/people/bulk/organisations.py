"""Many organisations at once, level by level."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from uuid import uuid4

from django.db import transaction

from shixun.kernel import audit
from shixun.kernel.models import AuditEvent
from shixun.people.acting import Actor
from shixun.people.actions import (
    organisation_facts,
    path_below,
)
from shixun.people.bulk.rows import (
    ROWS_PER_STATEMENT,
    BadRows,
    OrganisationRow,
    event_about,
    raise_all,
    said,
)
from shixun.people.models import (
    Designation,
    Organisation,
)
from shixun.people.validators import check_parent, check_period


@transaction.atomic
def open_organisations(rows: Iterable[OrganisationRow], *, actor: Actor, at: datetime) -> dict[str, Organisation]:
    """Open all organisations, parents before children, level by level. Returns those of the rows by code."""
    rows = list(rows)
    parents = {row.parent for row in rows if row.parent} - {row.code for row in rows}
    known = {organisation.code: organisation for organisation in Organisation.objects.filter(code__in=parents)}
    made: dict[str, Organisation] = {}
    waiting = rows
    while waiting:
        ready = [row for row in waiting if not row.parent or row.parent in known]
        if not ready:
            raise BadRows([f"{row.code}: 上级机构 {row.parent} 不存在" for row in waiting])
        level = _open_level(ready, known)
        known.update(level)
        made.update(level)
        waiting = [row for row in waiting if row.code not in made]
    _designate_all(rows, made)
    audit.record_many(_organisation_events(rows, made, actor, at))
    return made


def _open_level(rows: Sequence[OrganisationRow], known: Mapping[str, Organisation]) -> dict[str, Organisation]:
    raise_all(error for row in rows for error in _organisation_errors(row, known))
    made = {
        row.code: Organisation(
            uuid=row.uuid or uuid4(),
            code=row.code,
            name=row.name,
            kind=row.kind,
            area_code=row.area_code,
            parent=known[row.parent] if row.parent else None,
            stage=row.stage,
            valid_from=row.valid_from,
            valid_until=row.valid_until,
            path=f"new:{uuid4().hex}",
        )
        for row in rows
    }
    Organisation.objects.bulk_create(made.values(), batch_size=ROWS_PER_STATEMENT)
    for organisation in made.values():
        organisation.path = path_below(organisation.parent, organisation.pk)
    Organisation.objects.bulk_update(made.values(), ["path"], batch_size=ROWS_PER_STATEMENT)
    return made


def _designate_all(rows: Iterable[OrganisationRow], made: Mapping[str, Organisation]) -> None:
    Designation.objects.bulk_create(
        Designation(
            organisation=made[row.code], kind=item.kind, valid_from=item.valid_from, valid_until=item.valid_until
        )
        for row in rows
        for item in row.designations
    )


def _organisation_events(
    rows: Iterable[OrganisationRow], made: Mapping[str, Organisation], actor: Actor, at: datetime
) -> Iterator[AuditEvent]:
    for row in rows:
        organisation = made[row.code]
        facts = organisation_facts(organisation)
        facts["designations"] = [item.kind for item in row.designations]
        yield event_about(actor, at, "organisation.opened", organisation, organisation, facts)


def _organisation_errors(row: OrganisationRow, known: Mapping[str, Organisation]) -> Iterator[str]:
    yield from said(row.code, check_parent, row.kind, known[row.parent] if row.parent else None)
    yield from said(row.code, check_period, row.valid_from, row.valid_until)
    for item in row.designations:
        yield from said(row.code, check_period, item.valid_from, item.valid_until)

"""The rows a bulk writer takes, and what they share: checks that collect every error, stable ids, events."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4, uuid5

from django.core.exceptions import ValidationError

from shixun.kernel import audit
from shixun.kernel.models import AuditEvent
from shixun.people.acting import Actor
from shixun.people.actions import OPENED_LONG_AGO
from shixun.people.choices import Sex, Title
from shixun.people.models import Organisation, Person, User

ROWS_PER_STATEMENT = 2_000


class BadRows(ValueError):
    """Rows that cannot be written; ``errors`` holds a sentence for each."""

    def __init__(self, errors: Sequence[str]) -> None:
        super().__init__("\n".join(errors))
        self.errors = tuple(errors)


@dataclass(frozen=True, slots=True)
class DesignationRow:
    kind: str
    valid_from: date
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    """``parent`` is the code of an organisation that stands earlier in the rows or exists already."""

    code: str
    name: str
    kind: str
    area_code: str
    parent: str = ""
    stage: str = ""
    valid_from: date = OPENED_LONG_AGO
    valid_until: date | None = None
    designations: tuple[DesignationRow, ...] = ()
    uuid: UUID | None = None


@dataclass(frozen=True, slots=True)
class AppointmentRow:
    """``organisation`` is a code."""

    organisation: str
    duty: str
    valid_from: date
    valid_until: date | None = None
    title: str = Title.NONE
    stage: str = ""
    subject: str = ""
    is_main: bool = True


@dataclass(frozen=True, slots=True)
class PersonRow:
    """``identifiers`` are pairs of kind and number."""

    code: str
    name: str
    sex: str = Sex.UNSTATED
    born_on: date | None = None
    entered_on: date | None = None
    identifiers: tuple[tuple[str, str], ...] = ()
    appointments: tuple[AppointmentRow, ...] = ()
    uuid: UUID | None = None


@dataclass(frozen=True, slots=True)
class GrantRow:
    """``organisation`` is a code."""

    role: str
    organisation: str
    valid_from: date
    valid_until: date | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class AccountRow:
    """``person`` is a person code, or empty."""

    username: str
    person: str = ""
    grants: tuple[GrantRow, ...] = ()
    uuid: UUID | None = None


@dataclass(frozen=True, slots=True)
class CreditOfficerRow:
    """``organisation`` and ``person`` are codes."""

    organisation: str
    person: str
    valid_from: date
    reason: str


@dataclass(frozen=True, slots=True)
class DemoLoginRow:
    """A persona of the demo: ``label`` says in a few words why one would look at her."""

    username: str
    region: str
    role: str
    label: str
    order: int = 0


def uuid_below(parent: UUID | None, name: str) -> UUID:
    return uuid5(parent, name) if parent else uuid4()


def event_about(
    actor: Actor,
    at: datetime,
    action: str,
    subject: Organisation | Person | User,
    organisation: Organisation | None,
    after: Mapping[str, object],
) -> AuditEvent:
    return audit.event(
        actor=actor,
        at=at,
        action=action,
        subject_kind=subject._meta.model_name or "",
        subject_uuid=subject.uuid,
        organisation=organisation,
        after=after,
    )


def said(name: str, check: Callable[..., object], *arguments: object) -> Iterator[str]:
    """The sentences of a validator about one row; none when it is content."""
    try:
        check(*arguments)
    except ValidationError as error:
        yield from (f"{name}: {message}" for message in error.messages)


def raise_all(errors: Iterable[str]) -> None:
    """Refuse all rows when any error was found."""
    found = list(errors)
    if found:
        raise BadRows(found)

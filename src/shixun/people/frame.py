"""What the room shows in the frame of every page: the switch of roles, and what its search finds."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import F
from django.http import HttpRequest
from django.urls import reverse

from shixun.kernel import clock
from shixun.kernel.access import acting
from shixun.kernel.audit.log import TRAIL
from shixun.kernel.audit.words import viewing_actions
from shixun.kernel.chronicle.heads import newest_head
from shixun.kernel.slots import Hit
from shixun.people.accounts.overview import accounts_within, in_state, with_states
from shixun.people.accounts.permissions import can_list_accounts, can_open_account, can_see_account
from shixun.people.acting import Actor
from shixun.people.delegation.queries import asked_of
from shixun.people.models import Organisation, Person
from shixun.people.organisations.names import former_words, organisations_matching, with_former_names
from shixun.people.permissions import can_read_trail
from shixun.people.privacy.notices import current_notice
from shixun.people.privacy.queries import has_read
from shixun.people.queries import (
    accounts_of,
    events_within,
    persons_matching,
    persons_within,
    with_main_appointments,
)
from shixun.people.role_review.queries import roles_to_review

_WEEK = timedelta(days=7)
_UUID_LENGTH = len(str(UUID(int=0)))


def anyone(actor: Actor | None) -> bool:
    """The panel asks the session itself: somebody without a role must still be able to sign out."""
    return True


def anyone_at_home(actor: Actor | None, **subject: Any) -> bool:
    """The notice concerns everybody with an account."""
    return actor is not None


def notice_panel(request: HttpRequest, **subject: Any) -> dict[str, Any] | None:
    """The notice as long as this account has not read the version in force."""
    notice, actor = current_notice(), getattr(request, "actor", None)
    return None if actor is None or has_read(actor.user, notice.version) else {"notice": notice}


def acts(actor: Actor | None, **subject: Any) -> bool:
    """Somebody who acts in a role."""
    return actor is not None


def acting_panel(request: HttpRequest) -> dict[str, Any] | None:
    """The actor with her roles; nothing for a visitor and on pages shown before the session is known."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return None
    return {"actor": getattr(request, "actor", None)}


def looks_after(actor: Actor | None, person: Person) -> bool:
    """Whoever names others sees how the people in her charge sign in."""
    return actor is not None and can_list_accounts(actor) and actor.person != person


def account_panel(request: HttpRequest, person: Person) -> dict[str, Any]:
    """The accounts of a person with their states, or the way to open one."""
    users = with_states(list(accounts_of(person)), clock.today())
    return {
        "person": person,
        "users": [(user, can_see_account(acting(request), user)) for user in users],
        "may_open": not users and can_open_account(acting(request), person),
    }


def reads_trail(actor: Actor | None, **subject: Any) -> bool:
    return actor is not None and can_read_trail(actor)


def trail_panel(request: HttpRequest, **subject: Any) -> dict[str, Any]:
    """What the auditor comes for: how much was done in a week, how often somebody looked at sensitive data."""
    since = clock.today() - _WEEK
    rows = events_within(acting(request)).filter(at__gte=clock.now() - _WEEK)
    return {
        "since": since,
        "events": rows.count(),
        "viewed": rows.filter(action__in=viewing_actions()).count(),
        "head": newest_head(TRAIL),
    }


def guards_accounts(actor: Actor | None, **subject: Any) -> bool:
    return actor is not None and can_list_accounts(actor)


def accounts_panel(request: HttpRequest, **subject: Any) -> dict[str, Any]:
    """What the security manager comes for: accounts that are locked or weakly guarded, roles to look at again."""
    actor, today = acting(request), clock.today()
    rows = accounts_within(actor.charge, today)
    return {
        "locked": in_state(rows, "locked", today).count(),
        "no_factor": in_state(rows, "no_factor", today).count(),
        "reviews": roles_to_review(actor, today).count(),
    }


def asked_panel(request: HttpRequest, **subject: Any) -> dict[str, Any] | None:
    """Whom somebody is asked to act for; nothing when nobody asks."""
    actor = getattr(request, "actor", None)
    asked = list(asked_of(actor.user, clock.today())) if actor is not None and actor.user is not None else []
    return {"asked": asked} if asked else None


def found_persons(actor: Actor, terms: list[str], limit: int) -> list[Hit]:
    """Persons of the actor's scope by name, code or whole number, each with the place where she works."""
    today = clock.today()
    found = list(persons_matching(persons_within(actor.scope, today), " ".join(terms))[:limit])
    return [
        Hit(person.name, _place_of(person), reverse("people:person", kwargs={"uuid": person.uuid}))
        for person in with_main_appointments(found, today)
    ]


def found_organisations(actor: Actor, terms: list[str], limit: int) -> list[Hit]:
    """Organisations of the actor's scope by parts of a name, present or former, or of their code; the ended last."""
    opened = Organisation.objects.filter(actor.scope.within("path"), valid_from__lte=clock.today())
    existing_first = F("valid_until").desc(nulls_first=True)
    rows = organisations_matching(opened, " ".join(terms)).order_by(existing_first, "path")
    return [
        Hit(row.name, _told_of(row), reverse("people:organisation", kwargs={"uuid": row.uuid}))
        for row in with_former_names(rows[:limit])
    ]


def _told_of(organisation: Organisation) -> str:
    has_ended = organisation.valid_until is not None and organisation.valid_until <= clock.today()
    told = [organisation.get_kind_display(), former_words(organisation), "已撤并" if has_ended else ""]
    return " · ".join(filter(None, told))


def person_named(value: Any, said: Mapping[str, Any]) -> str | None:
    """张敏（P0001）: a person whom an event names by uuid or by code."""
    text = str(value)
    found = Person.objects.filter(**{"uuid" if len(text) == _UUID_LENGTH else "code": text}).first()
    return f"{found.name}（{found.code}）" if found is not None else None


def organisation_named(value: Any, said: Mapping[str, Any]) -> str | None:
    """An organisation whom an event names by uuid."""
    text = str(value)
    found = Organisation.objects.filter(uuid=text).first() if len(text) == _UUID_LENGTH else None
    return found.name if found is not None else None


def _place_of(person: Any) -> str:
    held = person.main_appointment
    return f"{held.organisation.name} · {held.get_duty_display()}" if held else person.code

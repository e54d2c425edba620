"""How a session begins, how long it holds, to what it is bound, and how it ends (DX-01).

A session begins with a proof: when, by which means, in which browser, from which network. Every request is compared
with it. Idle time is short for officers; no session outlives its absolute length; one that turns up in another family
of browser, or for officers in another network, is ended.
"""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.csrf import rotate_token
from django.utils import timezone

from shixun.kernel import audit, clock
from shixun.kernel.access import address_of
from shixun.people.accounts.choices import TEACHER_LIKE, EndedBy, Means
from shixun.people.accounts.devices import browser_mark, device_of, network_mark
from shixun.people.accounts.models import Session
from shixun.people.accounts.session_store import SIGNED_IN, SessionStore
from shixun.people.acting import SESSION_KEY, own_actor
from shixun.people.models import User
from shixun.people.queries import roles_of

_BACKEND = "django.contrib.auth.backends.ModelBackend"
CONFIRMED_AT = "confirmed_at"
FACTOR_AT = "factor_at"
MUST_CHANGE = "must_change"


def begin_session(request: HttpRequest, user: User, means: str, *, role: str = "") -> None:
    """Start a new session with its proof, in the first role in force or the one named."""
    request.session.flush()
    login(request, user, backend=_BACKEND)
    now = timezone.now().timestamp()
    agent, address = request.META.get("HTTP_USER_AGENT", ""), address_of(request)
    request.session[SIGNED_IN] = {
        "uuid": str(uuid4()),
        "at": now,
        "means": means,
        "device": device_of(agent),
        "address": address,
        "browser": browser_mark(agent),
        "network": network_mark(address),
    }
    request.session[CONFIRMED_AT] = now
    grant = next((grant for grant in roles_of(user, clock.today()) if role in ("", grant.role)), None)
    if grant is not None:
        request.session[SESSION_KEY] = str(grant.uuid)


def renew(request: HttpRequest) -> None:
    """A new key for the session and a new token for its forms: whenever what it may do has changed."""
    request.session.cycle_key()
    rotate_token(request)


def means_of(request: HttpRequest) -> str:
    """By which means the present session began."""
    return str((request.session.get(SIGNED_IN) or {}).get("means", ""))


def is_demo(request: HttpRequest) -> bool:
    """A one-click session of the demo; never true outside demo mode."""
    return bool(settings.DEMO_MODE) and means_of(request) == Means.DEMO


def holds_office(request: HttpRequest) -> bool:
    """Has the account any role in force that is not a teacher's? The role one acts in does not matter."""
    actor = getattr(request, "actor", None)
    return actor is not None and any(grant.role not in TEACHER_LIKE for grant in actor.grants)


def end_sessions(user: User, *, but_for: str | None = None, only: str | None = None) -> int:
    """End the sessions of an account: all of them, all but one key, or the one with a uuid. Returns how many."""
    rows = Session.objects.filter(user=user)
    if but_for is not None:
        rows = rows.exclude(session_key=but_for)
    if only is not None:
        rows = rows.filter(uuid=only)
    return rows.delete()[0]


class SessionGuard:
    """Ends a session that is too old, too long unused, or not where it began; notes that the others are in use."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if isinstance(request.user, User):
            why = _end_of(request)
            if why:
                _end_here(request, request.user, why)
            else:
                _note_use(request.session)
        return self.get_response(request)


def _end_of(request: HttpRequest) -> EndedBy | None:
    proof = request.session.get(SIGNED_IN)
    if not proof:
        return EndedBy.UNPROVEN
    now = timezone.now()
    if now.timestamp() - proof["at"] > settings.SESSION_COOKIE_AGE:
        return EndedBy.AGED
    idle = settings.SESSION_IDLE_OFFICERS if holds_office(request) else settings.SESSION_IDLE_TEACHERS
    seen_at = getattr(request.session, "seen_at", None)
    if seen_at is not None and now - seen_at > idle:
        return EndedBy.IDLE
    return None if _is_where_it_began(request, proof) else EndedBy.ELSEWHERE


def _is_where_it_began(request: HttpRequest, proof: dict[str, str]) -> bool:
    if browser_mark(request.META.get("HTTP_USER_AGENT", "")) != proof["browser"]:
        return False
    bound = settings.SESSION_BINDS_NETWORK
    if bound == "nobody" or (bound == "officers" and not holds_office(request)):
        return True
    return network_mark(address_of(request)) == proof["network"]


def _end_here(request: HttpRequest, user: User, why: EndedBy) -> None:
    audit.record(
        actor=own_actor(user, address_of(request)),
        at=clock.now(),
        action="account.session_ended",
        subject_kind="user",
        subject_uuid=user.uuid,
        after={"why": why.value, "device": device_of(request.META.get("HTTP_USER_AGENT", ""))},
    )
    logout(request)
    request.actor = None  # type: ignore[attr-defined]
    messages.warning(request, str(why.label))


def _note_use(session: object) -> None:
    """At most one small write a minute and session."""
    if not isinstance(session, SessionStore) or session.seen_at is None:
        return
    if timezone.now() - session.seen_at > timedelta(seconds=settings.SESSION_TOUCH_SECONDS):
        session.touch()

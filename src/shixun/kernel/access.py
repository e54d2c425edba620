"""The access mechanism: scopes over the organisation tree, the permission table, and the guard of every view."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import wraps
from inspect import signature
from typing import Any, TypeVar
from urllib.parse import urlencode
from uuid import UUID

import rules
from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url

from shixun.kernel.reach import Reach, Row
from shixun.kernel.refusals import Refusal

View = Callable[..., HttpResponseBase]
Predicate = Callable[..., bool]
Named = TypeVar("Named", bound=Predicate)


@dataclass(frozen=True, slots=True)
class Scope:
    """A subtree of organisations, named by its path (``000001/000213/``); the empty path holds nothing."""

    path: str = ""

    @property
    def upper(self) -> str:
        """The first path after the subtree: "0" is the character that follows "/"."""
        return f"{self.path[:-1]}0" if self.path else ""

    def within(self, field: str = "organisation__path") -> Q:
        """Rows whose ``field`` lies in this subtree: a range, so that the index is used on both databases."""
        if not self.path:
            return Q(pk__in=())
        return Q(**{f"{field}__gte": self.path, f"{field}__lt": self.upper})

    def holds(self, path: str) -> bool:
        """Is ``path`` in this subtree (its root included)?"""
        return bool(self.path) and path.startswith(self.path)


NOTHING = Scope()


_ROWS: dict[str, Row] = {}


def permission(
    *,
    what: str,
    who_can: str,
    roles: Mapping[str, Reach] | None = None,
    person: Callable[[Any], int | None] | None = None,
    user: Callable[[Any], object] | None = None,
    own: Callable[[Any, Any], bool] | None = None,
    places: Callable[[Any], Iterable[str]] | None = None,
    but_own: bool = False,
    system: bool = False,
    also: str = "",
) -> Callable[[Named], Named]:
    """Register ``can_…(actor[, subject]) -> bool`` as ``<room>.<name>``: a row of the permission table.

    ``what`` completes 不能… (查看这位教师的档案); ``who_can`` says who may, or who may grant it. ``roles`` says which
    role may and how far; ``person``, ``user``, ``own`` and ``places`` read owner and place off a subject (see
    ``reach.Row``). The predicate's body is asked after the table has said yes, for what ``also`` names; nobody without
    a role passes.
    """

    def register(predicate: Named) -> Named:
        name = f"{_room_of(predicate)}.{predicate.__name__}"
        takes_subject = len(signature(predicate).parameters) > 1
        row = Row(name, what, who_can, roles or {}, person, user, own, places, but_own, system, also, takes_subject)

        @wraps(predicate)
        def asked(actor: Any, *subject: Any) -> bool:
            about = subject if takes_subject and subject != (None,) else ()
            if actor is None:
                return False
            if actor.is_system:
                return row.system
            return row.admits(actor, *about) and bool(predicate(actor, *about))

        rules.add_rule(name, rules.predicate(asked))
        _ROWS[_key(predicate)] = row
        return asked  # type: ignore[return-value]

    return register


def set_roles(predicate: Predicate, roles: Mapping[str, Reach]) -> None:
    """Fill a row of the kernel, which knows no roles; the room that knows them calls this at start-up."""
    rule_of(predicate).roles = roles


def permission_table() -> list[Row]:
    """All rows, by room and in the order in which they were declared."""
    return sorted(_ROWS.values(), key=lambda row: row.room)


def rule_of(predicate: Predicate) -> Row:
    """The row of a predicate. Raises ``KeyError`` for a function that was never registered."""
    return _ROWS[_key(predicate)]


def allows(name: str, actor: Any, subject: Any = None) -> bool:
    """Ask a registered rule by name (``people.can_see_person``); a room above may so ask without the predicate."""
    return actor is not None and bool(rules.test_rule(name, actor, subject))


def demand(predicate: Predicate, actor: Any, *subject: Any) -> None:
    """Raise the designed ``Refusal`` of a predicate that does not hold."""
    if not predicate(actor, *subject):
        rule = rule_of(predicate)
        raise Refusal(f"您目前的角色不能{rule.what}。", who_can=rule.who_can)


def require(predicate: Predicate | None = None, *, find: Callable[..., Any] | None = None) -> Callable[[View], View]:
    """Guard a view. Anonymous visitors go to sign in; who has no valid role is told who can help.

    With ``find`` the arguments of the address are turned into the subject first, the predicate is asked about it, and
    the view receives it in their place: ``view(request, subject)``. Without a predicate any valid role will do.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, **arguments: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return _to_sign_in(request)
            actor = acting(request)
            subjects = (find(**arguments),) if find else ()
            if predicate is not None:
                demand(predicate, actor, *subjects)
            return view(request, *subjects, **({} if find else arguments))

        guarded.guard = predicate or require  # type: ignore[attr-defined]
        return guarded

    return decorate


def signed_in(view: View) -> View:
    """Guard a view that needs an account and no role: changing one's own password, choosing a role."""

    @wraps(view)
    def guarded(request: HttpRequest, **arguments: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return _to_sign_in(request)
        return view(request, **arguments)

    guarded.guard = signed_in  # type: ignore[attr-defined]
    return guarded


def public(view: View) -> View:
    """Mark a view that anyone may open; a test lists the views that are neither guarded nor marked."""
    view.guard = public  # type: ignore[attr-defined]
    return view


def acting(request: HttpRequest) -> Any:
    """The actor of a signed-in request. Raises the refusal prepared for someone without a valid role."""
    actor = getattr(request, "actor", None)
    if actor is None:
        raise request.refusal_without_role()  # type: ignore[attr-defined]
    return actor


_restorers: list[Callable[[UUID, date], Any]] = []


def register_actors(restore: Callable[[UUID, date], Any]) -> None:
    """The room that knows roles says how an actor is found again by ``Actor.authority``; called once at start-up."""
    _restorers[:] = [restore]


def actor_again(authority: UUID, on: date) -> Any:
    """The actor of an authority as it stands on a day, for work that goes on behind the pages.

    Raises the room's refusal when the role has ended meanwhile.
    """
    return _restorers[0](authority, on)


def address_of(request: HttpRequest) -> str:
    """The network address a request comes from; behind the configured proxy the last hop that the proxy wrote."""
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
    if settings.SECURE_PROXY_SSL_HEADER and forwarded:
        return str(forwarded.split(",")[-1].strip())[:45]
    return str(request.META.get("REMOTE_ADDR", ""))[:45]


def _to_sign_in(request: HttpRequest) -> HttpResponseRedirect:
    address = resolve_url(settings.LOGIN_URL)
    if request.method not in ("GET", "HEAD"):
        # What was posted is lost with the session, and its address may have no page to come back to.
        return HttpResponseRedirect(address)
    query = urlencode({"next": request.get_full_path()}, safe="/")
    return HttpResponseRedirect(f"{address}?{query}")


def _room_of(predicate: Predicate) -> str:
    return predicate.__module__.split(".")[1]


def _key(predicate: Predicate) -> str:
    return f"{predicate.__module__}.{predicate.__qualname__}"

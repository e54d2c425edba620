"""How far a right goes: the reaches of the permission table, and the rows that rooms declare in it.

A row says for every role whether a permission is hers and how far: not at all, for herself, at her own organisation,
in the area she answers for, in that area and the areas above it, or anywhere. Each reach includes the ones before it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any


class Reach(IntEnum):
    """In the order of width; ``LINE`` is the line of areas above one's own place, besides what lies below it."""

    NOBODY = 0
    OWN = 1
    ORGANISATION = 2
    SCOPE = 3
    LINE = 4
    ANYWHERE = 5

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Reach.NOBODY: "不可以",
    Reach.OWN: "本人",
    Reach.ORGANISATION: "本单位",
    Reach.SCOPE: "管理范围",
    Reach.LINE: "管理范围和上级",
    Reach.ANYWHERE: "不限",
}
Paths = Callable[[Any], Iterable[str]]


@dataclass(slots=True)
class Row:
    """One permission of the table: in words what it is and who can, for every role how far it reaches.

    ``person`` and ``user`` name the owner of a subject (primary key of a person, uuid of an account), or ``own(actor,
    subject)`` says whether it is hers; ``places`` are the paths of the organisations it belongs to. ``but_own``: nobody
    decides about her own, nor about that of a colleague she acts for. ``system``: the installation itself may. ``also``
    says in words what is asked besides; the predicate's own body asks it.
    """

    name: str
    what: str
    who_can: str
    roles: Mapping[str, Reach] = field(default_factory=dict)
    person: Callable[[Any], int | None] | None = None
    user: Callable[[Any], object] | None = None
    own: Callable[[Any, Any], bool] | None = None
    places: Paths | None = None
    but_own: bool = False
    system: bool = False
    also: str = ""
    takes_subject: bool = False

    @property
    def room(self) -> str:
        return self.name.split(".")[0]

    def reach_of(self, role: str) -> Reach:
        return self.roles.get(role, Reach.NOBODY)

    def admits(self, actor: Any, *subject: Any) -> bool:
        """Does the table give the actor this permission, about this subject if one is named?"""
        reach = self.reach_of(actor.role)
        if reach is Reach.NOBODY or not subject:
            return reach is not Reach.NOBODY
        if self.but_own and self._is_of_one_behind(actor, subject[0]):
            return False
        if self._is_own(actor, subject[0]):
            return not self.but_own
        if self.places is None:
            # Without a place there is nothing to reach for: it is hers, or the table asks for the role alone.
            return not self.has_owner
        return reach > Reach.OWN and any(covers(actor, reach, path) for path in self.places(subject[0]))

    @property
    def has_owner(self) -> bool:
        return bool(self.person or self.user or self.own)

    def _is_of_one_behind(self, actor: Any, subject: Any) -> bool:
        """Does it belong to the absent colleague the actor acts for? What is hers, her deputy does not decide."""
        behind = getattr(actor, "behind", None)
        return behind is not None and self._is_own(behind, subject)

    def _is_own(self, actor: Any, subject: Any) -> bool:
        if self.own is not None:
            return self.own(actor, subject)
        if self.person is not None and actor.person is not None and actor.person.pk == self.person(subject):
            return True
        return self.user is not None and actor.user_uuid is not None and actor.user_uuid == self.user(subject)


def covers(actor: Any, reach: Reach, path: str) -> bool:
    """Does a reach of more than oneself hold the organisation of this path?"""
    if reach is Reach.ANYWHERE:
        return True
    if reach is Reach.ORGANISATION:
        return path in (actor.acting_path, actor.charge.path)
    above = reach is Reach.LINE and bool(path) and actor.acting_path.startswith(path)
    return above or bool(actor.charge.holds(path))

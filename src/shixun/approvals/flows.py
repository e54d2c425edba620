"""How a room declares a review chain: states with the names users know, moves, levels; and the registry of them.

A declaration is checked when it is registered, so that a chain with a hole never starts. Its ``effects`` are the one
call upward: the declaring room's own functions, run inside the transaction that decides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, Protocol

from shixun.kernel.refusals import Refusal
from shixun.people.choices import OrganisationKind, Role

if TYPE_CHECKING:
    from shixun.approvals.models import Case
    from shixun.people.acting import Actor
    from shixun.people.models import Organisation

By = Literal["applicant", "reviewer"]
Tone = Literal["met", "need", "short", "idle"]
AREA_OF_LEVEL = {
    "district": OrganisationKind.DISTRICT,
    "city": OrganisationKind.CITY,
    "province": OrganisationKind.PROVINCE,
}


class Effect(Protocol):
    """What a move does beyond the case itself: the declaring room's own writing, in the same transaction."""

    def __call__(self, *, case: Case, actor: Actor, at: datetime) -> None: ...


class Check(Protocol):
    """What may still forbid a move; raises ``Refusal``."""

    def __call__(self, *, case: Case, transition: Transition, actor: Actor, at: datetime) -> None: ...


@dataclass(frozen=True, slots=True)
class Line:
    """One thing a revision says, in words: lines of two revisions with one ``key`` are compared."""

    key: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class State:
    """A state with the name users know. With a ``level`` it waits there; without, and not final, with the applicant.

    ``days``: how long the applicant has in a state that waits for her (0: no deadline).
    """

    key: str
    title: str
    level: str = ""
    final: bool = False
    tone: Tone | None = None
    days: int = 0

    @property
    def with_applicant(self) -> bool:
        return not self.level and not self.final

    @property
    def shown_tone(self) -> Tone:
        return self.tone or ("need" if self.level else "idle")


@dataclass(frozen=True, slots=True)
class Transition:
    """A move by the applicant or by a reviewer of the source's level (``level`` where the source has none).

    ``effect`` names a function of the flow; such a move has taken effect and is not undone, unless the flow has a
    function under the same name in ``undo_effects``. ``consequence`` tells, beside the button, what will happen.
    The first move declared for a reviewer out of a state is the way on when that state's level takes no part.
    """

    key: str
    title: str
    sources: tuple[str, ...]
    target: str
    by: By = "reviewer"
    needs_reason: bool = False
    effect: str = ""
    level: str = ""
    consequence: str = ""


@dataclass(frozen=True, slots=True)
class Level:
    """Who acts at a level: any of these roles at the body that the region names, or at the area itself.

    ``key`` is school, district, city or province, or any other word together with ``place(case)``. When the ``days``
    are over, ``escalates_to`` (another level of the flow) is told and may act too. ``required``: a region cannot leave
    this level out. ``remind_days``: so many days before the deadline whoever may act is reminded. ``applies(case)``:
    does this case need the level at all? One that it does not need is passed over like one that takes no part.
    """

    key: str
    roles: tuple[str, ...]
    days: int = 10
    title: str = ""
    escalates_to: str = ""
    required: bool = False
    remind_days: int = 2
    place: Callable[[Case], Organisation | None] | None = None
    applies: Callable[[Case], bool] | None = None

    @property
    def shown_title(self) -> str:
        return self.title or LEVEL_TITLES.get(self.key, self.key)


LEVEL_TITLES = {"school": "校级", "district": "区县", "city": "市级", "province": "省级"}


class BadFlow(Exception):
    """A declaration with a hole; the message names everything that is wrong."""


@dataclass(frozen=True)
class Flow:
    """A declared review chain. Everything that differs between the chains of the product is in here.

    ``labels`` name the keys of a case's content; ``lines(content)`` says the content where that is not enough.
    ``check``, ``effects`` and ``undo_effects`` are the room's; ``permission`` is a predicate (``room.can_…``) asked of
    a reviewer besides role and level. ``applicant(case, actor)``: who may act for the applicant besides whoever opened
    the case and the person it concerns. ``render`` with ``context(case, actor)`` draws the thing beside the decision;
    ``address(case)`` is its own page. ``batch``: may many be decided with one reason? ``many(move, number)`` says why
    so many cases may not make a move at once, where something else has to come before. ``undone`` follows when a move
    is taken back, in the same transaction.
    """

    key: str
    title: str
    noun: str
    states: tuple[State, ...]
    start: str
    transitions: tuple[Transition, ...]
    levels: tuple[Level, ...]
    effects: Mapping[str, Effect] = field(default_factory=dict)
    undo_effects: Mapping[str, Effect] = field(default_factory=dict)
    check: Check | None = None
    permission: str = ""
    applicant: Callable[[Case, Actor], bool] | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    lines: Callable[[Mapping[str, Any]], Iterable[Line]] | None = None
    render: str = ""
    context: Callable[[Case, Actor], Mapping[str, Any]] | None = None
    address: Callable[[Case], str] | None = None
    batch: bool = True
    many: Callable[[Transition, int], Refusal | None] | None = None
    undone: Effect | None = None

    def state(self, key: str) -> State:
        return next(row for row in self.states if row.key == key)

    def level(self, key: str) -> Level:
        return next(row for row in self.levels if row.key == key)

    def transition(self, key: str) -> Transition | None:
        return next((row for row in self.transitions if row.key == key), None)

    def moves_from(self, state: str, by: By | None = None) -> list[Transition]:
        """The moves out of a state, in the order declared."""
        return [row for row in self.transitions if state in row.sources and by in (None, row.by)]

    def refusal_of_many(self, move: Transition, number: int) -> Refusal | None:
        """Why so many cases may not make this move at once; None where they may."""
        return self.many(move, number) if self.many else None

    def way_on(self, state: str) -> Transition:
        """The move taken when the state's level takes no part."""
        return self.moves_from(state, "reviewer")[0]

    def level_of_move(self, transition: Transition, state: str) -> str:
        """The level whose reviewers may make a move out of a state."""
        return transition.level or self.state(state).level

    def lines_of(self, content: Mapping[str, Any]) -> Sequence[Line]:
        """What a revision says, in words."""
        if self.lines is not None:
            return tuple(self.lines(content))
        return tuple(Line(key, self.labels.get(key, key), _words(value)) for key, value in content.items())

    def problems(self) -> list[str]:
        """Everything that is wrong with the declaration."""
        states, levels = [row.key for row in self.states], [row.key for row in self.levels]
        found = [f"state {key} twice" for key in sorted({key for key in states if states.count(key) > 1})]
        found += [f"level {key} twice" for key in sorted({key for key in levels if levels.count(key) > 1})]
        found += [] if self.start in states else [f"start {self.start} is no state"]
        for state in self.states:
            found += self._problems_of_state(state, levels)
        for transition in self.transitions:
            found += self._problems_of_transition(transition, states, levels)
        for level in self.levels:
            found += self._problems_of_level(level, levels)
        return found

    def _problems_of_state(self, state: State, levels: list[str]) -> list[str]:
        found = [] if not state.level or state.level in levels else [f"state {state.key}: no level {state.level}"]
        if state.level and not self.moves_from(state.key, "reviewer"):
            found.append(f"state {state.key}: no reviewer can leave it")
        if state.with_applicant and not self.moves_from(state.key, "applicant"):
            found.append(f"state {state.key}: no applicant can leave it")
        return found

    def _problems_of_transition(self, move: Transition, states: list[str], levels: list[str]) -> list[str]:
        found = [f"{move.key}: no state {key}" for key in (*move.sources, move.target) if key not in states]
        found += [f"{move.key}: no effect {move.effect}"] if move.effect and move.effect not in self.effects else []
        found += [f"{move.key}: no level {move.level}"] if move.level and move.level not in levels else []
        if move.by == "reviewer" and not found:
            found += [f"{move.key}: {key} has no level" for key in move.sources if not self.level_of_move(move, key)]
        return found

    def _problems_of_level(self, level: Level, levels: list[str]) -> list[str]:
        found = [] if level.roles else [f"level {level.key}: nobody may act"]
        found += [f"level {level.key}: no role {role}" for role in level.roles if role not in Role.values]
        if level.escalates_to and level.escalates_to not in levels:
            found.append(f"level {level.key}: no level {level.escalates_to}")
        if level.place is None and level.key not in LEVEL_TITLES:
            found.append(f"level {level.key}: it needs a place")
        return found


def _words(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list | tuple):
        return "、".join(_words(item) for item in value)
    if isinstance(value, Mapping):
        return "；".join(f"{key} {_words(item)}" for key, item in value.items())
    return "" if value is None else str(value)


_flows: dict[str, Flow] = {}


def register_flow(flow: Flow) -> None:
    """Declare a chain at start-up. Raises ``BadFlow`` for one with a hole, or for a key that is taken."""
    found = flow.problems() + ([f"the key {flow.key} is taken"] if flow.key in _flows else [])
    if found:
        raise BadFlow(f"{flow.key}: {'; '.join(found)}")
    _flows[flow.key] = flow


def forget_flow(key: str) -> None:
    """Take a chain out again: for tests that declare one of their own."""
    _flows.pop(key, None)


def flow_of(key: str) -> Flow:
    """The chain registered under a key. Raises ``KeyError``."""
    return _flows[key]


def all_flows() -> list[Flow]:
    """Every registered chain, by key."""
    return [flow for _, flow in sorted(_flows.items())]


def words_of_flow(value: str, said: Mapping[str, Any]) -> str | None:
    """What a flow is called in the trail."""
    return _flows[value].title if value in _flows else None


def words_of_action(value: str, said: Mapping[str, Any]) -> str | None:
    """What a move is called, from the flow that its event names."""
    flow = _flows.get(said.get("flow", ""))
    move = flow.transition(value) if flow else None
    return move.title if move else None


def words_of_state(value: str, said: Mapping[str, Any]) -> str | None:
    """What a state is called; an event says its flow only after the deed, so that any flow with that state will do."""
    named = _flows.get(said.get("flow", ""))
    for flow in [named] if named else _flows.values():
        found = next((state.title for state in flow.states if state.key == value), None)
        if found:
            return found
    return None

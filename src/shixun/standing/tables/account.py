"""What a standing's page shows, as plain shapes: ring, requirements by level with what moved in, offsets, ways."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from rulebook.amounts import HUNDRED, show_amount
from rulebook.parameters import LocalChoices
from rulebook.policy import Policy, Requirement
from rulebook.standing.result import DatedStanding, Move, Place, RequirementStanding, Standing
from rulebook.standing.structure import Structure, structure_for
from shixun.kernel.pictures import Arc
from shixun.standing.facts import Subject
from shixun.standing.queries import AccountStanding

DATED_UNITS = {"credits": "学分", "hours": "学时", "days": "天"}


def measured(amount: int, unit: str) -> str:
    """Credits and hours with two decimals, days whole."""
    return str(amount // HUNDRED) if unit == "days" else show_amount(amount)


def structure_of(subject: Subject) -> Structure:
    """What the rules mean for this person: which place serves which requirement."""
    local: LocalChoices = subject.in_force.local
    return structure_for(subject.policy, local, frozenset(subject.facts.profiles), subject.facts.released)


def place_words(policy: Policy, place: Place) -> str:
    """``区级知识与技能（信息技术专业）``, ``学历进修``, ``区级师德自主研修``."""
    body = f"{policy.levels.get(place.level, '')}{policy.categories.get(place.category, '')}"
    if place.form != "course" or not body:
        body += policy.forms.get(place.form, place.form)
    tags = "、".join(policy.tags.get(tag, tag) for tag in place.tags)
    return f"{body}（{tags}）" if tags else body


@dataclass(frozen=True, slots=True)
class ShownMove:
    """An offset in words: whence, whither, how much, by which article."""

    source: str
    target: str
    level: str
    credits: int
    articles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShownRequirement:
    """A requirement as ``kernel/parts/requirement.html`` reads it, with what moved in and what was chosen locally."""

    id: str
    name: str
    need: int
    counted: int
    own: int
    short: int
    article: str
    counts_text: str
    moves: tuple[ShownMove, ...]
    moved_out: int
    default: int
    is_raised: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Requirements of one level, of the whole, of other forms of study, or of a duty."""

    title: str
    level: str
    rows: tuple[ShownRequirement, ...]

    @property
    def short_count(self) -> int:
        return sum(row.short > 0 for row in self.rows)

    @property
    def is_telling(self) -> bool:
        """Something is short or counted from elsewhere, so it stands open."""
        return any(row.short or row.moves for row in self.rows)


class Shown:
    """One account's standing, ready to be drawn."""

    def __init__(self, account: AccountStanding) -> None:
        self.account = account
        self.subject = account.subject
        self.standing: Standing = account.standing
        self.policy: Policy = account.subject.policy
        self.cycle = self.policy.cycle_of(account.standing.on)
        self.unit = self.policy.unit_label
        self._structure = structure_of(account.subject)
        self._rules: dict[str, Requirement] = {row.id: row for row in self._structure.rows}

    @property
    def title(self) -> str:
        return self.account.kind_label

    @property
    def profile_words(self) -> str:
        return "、".join(self.policy.profiles[name].name for name in self.standing.profiles)

    @property
    def notices(self) -> list[str]:
        """What a reader must know first; the rulebook's notes already tell of a policy that has run out."""
        notice = self.subject.in_force.notice
        told = [note for note in self.standing.notes if note != self.policy.note]
        if notice and self.standing.on < self.policy.valid_until:
            told.append(notice)
        return told

    @cached_property
    def arcs(self) -> list[Arc]:
        """One arc per level of earning, and one for degrees; together they are the total."""
        labels = {**self.policy.levels, "": self.policy.forms.get("degree", "")}
        return [Arc(level or "any", labels[level], amount) for level, amount in self.standing.earned]

    @cached_property
    def dated(self) -> list[tuple[DatedStanding, str, str]]:
        """What is judged apart, each with what is there and what is asked, in its own unit."""
        return [
            (row, measured(row.counted, row.unit), f"{measured(row.need, row.unit)} {DATED_UNITS[row.unit]}")
            for row in self.standing.dated
        ]

    @cached_property
    def moves(self) -> list[ShownMove]:
        """Every offset of this account."""
        return [self._move(move) for move in self.standing.moves]

    def _move(self, move: Move) -> ShownMove:
        return ShownMove(
            place_words(self.policy, move.source),
            place_words(self.policy, move.target),
            move.target.level,
            move.credits,
            tuple(move.article.split(";")),
        )

    @cached_property
    def groups(self) -> list[Group]:
        """The whole first, then level by level, other forms of study, and what duties add."""
        rows: dict[tuple[str, str], list[ShownRequirement]] = {}
        for row in self.standing.requirements:
            rows.setdefault(self._group_of(self._rules[row.id]), []).append(self._requirement(row))
        order = list(self._group_order())
        ranked = sorted(rows.items(), key=lambda item: order.index(item[0]) if item[0] in order else len(order))
        return [Group(title, level, tuple(members)) for (title, level), members in ranked]

    def _group_order(self) -> Iterator[tuple[str, str]]:
        yield "总量与类别", "any"
        for level, label in self.policy.levels.items():
            yield label, level

    def _group_of(self, row: Requirement) -> tuple[str, str]:
        profile = self.policy.profiles[row.profile]
        if profile.kind == "addition":
            return f"{profile.name}附加要求", "any"
        if row.counts.form and "course" not in row.counts.form:
            return "、".join(self.policy.forms[name] for name in row.counts.form), "any"
        if not row.counts.level:
            return "总量与类别", "any"
        return "、".join(self.policy.levels[name] for name in row.counts.level), _level_of(row.counts.level)

    def _requirement(self, row: RequirementStanding) -> ShownRequirement:
        rule = self._rules[row.id]
        moves_in = tuple(self._move(move) for move in self.standing.moves if self._gains(rule, move))
        gained = sum(move.credits for move in moves_in)
        default = rule.minimum
        chosen = self.subject.in_force.local.minimum_of(rule, self.subject.facts.layer)
        return ShownRequirement(
            row.id,
            row.name,
            row.need,
            row.counted,
            row.counted - gained,
            row.short,
            row.article,
            row.counts_text,
            moves_in,
            max(0, row.own + gained - row.counted),
            default,
            chosen != default,
        )

    def _gains(self, rule: Requirement, move: Move) -> bool:
        """Does this offset count here only because of the move?"""
        return self._structure.counts_in(rule, move.target) and not self._structure.counts_in(rule, move.source)

    @property
    def helping(self) -> tuple[str, ...]:
        """The kinds of credits that help; nothing else brings her nearer."""
        return self.standing.reason.helping if self.standing.reason else ()

    @cached_property
    def yearly(self) -> list[tuple[str, str, list[object]]]:
        """Yearly minima by requirement: name, article and the years."""
        found: dict[str, tuple[str, str, list[object]]] = {}
        for row in self.standing.yearly:
            found.setdefault(row.id, (row.name, row.article, []))[2].append(row)
        return list(found.values())

    @property
    def missed_years(self) -> list[int]:
        return sorted({row.year for row in self.standing.yearly if row.state == "missed"})


def _level_of(levels: tuple[str, ...]) -> str:
    return levels[0] if len(levels) == 1 else "any"

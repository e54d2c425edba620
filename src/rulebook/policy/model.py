"""The nouns of a policy: frozen, validated, every number beside its article. Amounts are hundredths of the unit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from rulebook.periods import Cycle, cycle_containing
from rulebook.policy.claim_kinds import ClaimKind


@dataclass(frozen=True, slots=True)
class Article:
    """One article of a source document. ``kind``: rule (computed or enforced), duty, principle."""

    id: str
    document: str
    title: str
    text: str
    kind: str
    requirements: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A source document; ``status``: how it was read: read, excerpt, secondary; or assumed."""

    id: str
    title: str
    issuer: str = ""
    status: str = "read"
    note: str = ""


@dataclass(frozen=True, slots=True)
class Profile:
    """A set of requirements a person falls under: exactly one base per account, and additions that combine (PR-20)."""

    id: str
    name: str
    kind: str
    article: str
    account: str = ""


@dataclass(frozen=True, slots=True)
class Selector:
    """Which credits are meant; ``None`` = any. ``tags``: at least one of them."""

    level: tuple[str, ...] | None = None
    category: tuple[str, ...] | None = None
    form: tuple[str, ...] | None = None
    tags: tuple[str, ...] | None = None

    def matches(self, level: str, category: str, form: str, tags: frozenset[str]) -> bool:
        return (
            (self.level is None or level in self.level)
            and (self.category is None or category in self.category)
            and (self.form is None or form in self.form)
            and (self.tags is None or not tags.isdisjoint(self.tags))
        )


@dataclass(frozen=True, slots=True)
class Requirement:
    """A minimum and what counts towards it.

    ``low``/``high`` is the range a district may choose in (``high`` None = without limit; equal = fixed);
    ``minimum`` is the default, the low end (AMB-01). ``kind``: cycle, yearly or dated.
    """

    id: str
    profile: str
    name: str
    article: str
    minimum: int
    low: int
    high: int | None
    counts: Selector
    text: str
    kind: str = "cycle"
    unit: str = "credits"
    chooser: str = "district"
    due_on: date | None = None
    counts_when: tuple[str, Selector] | None = None
    reduces: str = ""
    round_up_to: int = 0
    assumed: bool = False
    ambiguity: tuple[str, ...] = ()
    everyone: bool = False

    @property
    def key(self) -> str:
        """``profile/id``: unique in the policy."""
        return f"{self.profile}/{self.id}"


@dataclass(frozen=True, slots=True)
class Reserved:
    """Tags whose entries count only in one profile's requirements, for its holders or always."""

    tags: tuple[str, ...]
    profile: str
    when: str
    article: str


@dataclass(frozen=True, slots=True)
class Treat:
    """For holders of a profile, matching entries are read as having another level or category."""

    profile: str
    match: Selector
    level: str
    category: str
    article: str


@dataclass(frozen=True, slots=True)
class MoveRule:
    """One step of an offset (冲抵). ``None`` in ``to_…`` leaves that side unchanged."""

    id: str
    source: Selector
    to_level: tuple[str, ...] | None
    to_category: tuple[str, ...] | None
    article: str
    released: bool = False
    switch: str = ""
    ends: bool = False


@dataclass(frozen=True, slots=True)
class KeptTags:
    """Tags that stay with a credit moved between these levels within its category; all others are lost."""

    tags: frozenset[str]
    from_level: tuple[str, ...]
    to_level: tuple[str, ...]
    article: str


@dataclass(frozen=True, slots=True)
class NewCreditRule:
    """Where a credit still to be earned may fall, with at most one tag."""

    level: tuple[str, ...]
    category: tuple[str, ...]
    form: str
    tag: str = ""
    profile: str = ""
    article: str = ""


@dataclass(frozen=True, slots=True)
class Switch:
    """A yes/no a district may choose, with its default and the ambiguity behind it."""

    id: str
    name: str
    default: bool
    chooser: str
    article: str
    ambiguity: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer of people for whom a district may ask otherwise (PR-19): by title or by duty, the first that fits."""

    id: str
    name: str
    article: str
    titles: tuple[str, ...] = ()
    duties: tuple[str, ...] = ()
    ambiguity: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LocalTable:
    """A table a district writes itself (CL-05, CL-12): what a row of it may say.

    ``section``: conversion (so many credits for a unit of something) or offset (what stands in for credits of
    ``level``). An offset with a ``source`` has no credits of its own: it lets such credits count as courses of
    ``level``. ``barred``: category → the article that forbids it.
    """

    id: str
    section: str
    name: str
    article: str
    level: str
    form: str
    category: tuple[str, ...]
    tags: tuple[str, ...] = ()
    source: Selector | None = None
    barred: Mapping[str, str] = field(default_factory=dict)

    def move_of(self, category: str) -> MoveRule:
        """What a row of a table with a ``source`` permits: a move to ``level`` that stays in its category."""
        found = self.source or Selector()
        chosen = (category,) if category else self.category
        return MoveRule(
            self.id, Selector(found.level, chosen or None, found.form, found.tags), (self.level,), None, self.article
        )


@dataclass(frozen=True, slots=True)
class Reduction:
    """Minima that shrink with the year of a date: factor (last_year − year) / span within 0 … 1 (PR-17, AMB-07)."""

    id: str
    name: str
    switch: str
    source: str
    last_year: int
    span: int
    article: str


@dataclass(frozen=True, slots=True)
class AccountCover:
    """Entries of one account that count in another too, never the reverse (CL-09)."""

    entries_of: str
    count_in: str
    article: str


@dataclass(frozen=True, slots=True)
class ConversionRule:
    """How hours or sessions become credits; see ``rulebook.conversion``.

    ``name`` says what the rule is for where its categories do not; an hour has 60 minutes where the text says nothing.
    """

    id: str
    kind: str
    category: tuple[str, ...]
    article: str
    name: str = ""
    minutes_per_hour: int = 60
    block_hours: int = 0
    hours_per_credit: int = 0
    accumulate_switch: str = ""
    sessions: int = 0
    session_minutes: int = 0
    lecture_share: int = 0
    pro_rata_switch: str = ""
    cap: int | None = None
    cap_period: str = ""
    ambiguity: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FixedAward:
    """A certificate that is worth one fixed entry (Measures 三.5)."""

    id: str
    name: str
    article: str
    level: str
    category: str
    form: str
    credits: int
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Target:
    """A figure asked of a whole population; shown, never judged per person."""

    id: str
    name: str
    value: int
    unit: str
    article: str


@dataclass(frozen=True, slots=True)
class Ambiguity:
    """A place where the source is unclear: the problem, the default taken, and who may choose otherwise."""

    id: str
    article: str
    problem: str
    default: str
    chooser: str


@dataclass(frozen=True, slots=True)
class Policy:
    """One published policy, whole. Built by ``rulebook.policy.load_texts``; ``digest`` names its exact texts."""

    id: str
    name: str
    short_name: str
    region: str
    area_code: str
    valid_from: date
    valid_until: date
    cycle_starts_on: date
    cycle_years: int
    unit: str
    unit_label: str
    hours_per_credit: int
    default_base: str
    assumed: bool
    note: str
    digest: str
    levels: Mapping[str, str]
    categories: Mapping[str, str]
    forms: Mapping[str, str]
    tags: Mapping[str, str]
    documents: Mapping[str, Document]
    articles: Mapping[str, Article]
    profiles: Mapping[str, Profile]
    requirements: tuple[Requirement, ...]
    reserved: tuple[Reserved, ...] = ()
    treats: tuple[Treat, ...] = ()
    moves: tuple[MoveRule, ...] = ()
    kept_tags: tuple[KeptTags, ...] = ()
    new_credits: tuple[NewCreditRule, ...] = ()
    account_covers: tuple[AccountCover, ...] = ()
    switches: Mapping[str, Switch] = field(default_factory=dict)
    reductions: Mapping[str, Reduction] = field(default_factory=dict)
    layers: Mapping[str, Layer] = field(default_factory=dict)
    local_tables: Mapping[str, LocalTable] = field(default_factory=dict)
    conversions: Mapping[str, ConversionRule] = field(default_factory=dict)
    awards: Mapping[str, FixedAward] = field(default_factory=dict)
    targets: tuple[Target, ...] = ()
    claim_kinds: Mapping[str, ClaimKind] = field(default_factory=dict)
    ambiguities: Mapping[str, Ambiguity] = field(default_factory=dict)
    cases: tuple[Mapping[str, Any], ...] = ()
    conversion_cases: tuple[Mapping[str, Any], ...] = ()
    refusal_cases: tuple[Mapping[str, Any], ...] = ()
    claim_cases: tuple[Mapping[str, Any], ...] = ()
    locals: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def cycle_of(self, on: date) -> Cycle:
        """The training cycle that contains ``on``; before the first and after the last, that one (PR-01)."""
        return cycle_containing(self.cycle_starts_on, self.cycle_years, self.valid_until, on)

    def requirements_for(self, profiles: frozenset[str]) -> tuple[Requirement, ...]:
        """Requirements of these profiles, and those that bind every base of the same account, in the policy's order."""
        accounts = {self.profiles[row].account for row in profiles if self.profiles[row].kind == "base"}
        return tuple(
            row
            for row in self.requirements
            if row.profile in profiles or (row.everyone and self.profiles[row.profile].account in accounts)
        )

    def accounts_counted_in(self, account: str) -> tuple[str, ...]:
        """The kinds of account whose entries are judged in this one: its own, and those that cover it (CL-09)."""
        return (account, *(row.entries_of for row in self.account_covers if row.count_in == account))

    def requirement_for_choice(self, key: str) -> Requirement | None:
        """The requirement a local choice names: ``id`` of the default base or an addition, or ``profile/id``."""
        if "/" in key:
            return next((row for row in self.requirements if row.key == key), None)
        plain = {self.default_base} | {row.id for row in self.profiles.values() if row.kind == "addition"}
        return next((row for row in self.requirements if row.id == key and row.profile in plain), None)

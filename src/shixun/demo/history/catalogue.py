"""The projects people took part in: one source, one day and one decision shared by all its participants."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from rulebook.facts import EntryFacts
from shixun.demo.history.kinds import CITY, NATION, OWN, SCHOOL, Kind
from shixun.demo.school_terms import RECOGNISED_WITHIN, TERMS, SchoolTerm
from shixun.demo.seeded import Chance, uuid_for
from shixun.ledger.content import Recognition, Source
from shixun.people.models import Organisation

_STAGE_WORDS = {
    "kindergarten": "",
    "primary": "小学",
    "lower_secondary": "初中",
    "upper_secondary": "高中",
    "nine_year": "义务教育",
    "vocational": "中职",
}


@dataclass(frozen=True, slots=True)
class Project:
    """What every participant is credited with; ``key`` is unique among projects."""

    key: str
    kind: Kind
    facts: EntryFacts
    source: Source
    recognition: Recognition


@dataclass(frozen=True, slots=True)
class Offer:
    """What is asked of the catalogue: a kind and size, held at a place in a term, for a subject and stage.

    ``place`` is the code of the school or college somebody works at; ``turn`` tells parallel projects apart.
    """

    kind: Kind
    credits: int
    place: str
    term: int
    subject: str
    stage: str
    turn: int
    person: str = ""


class Catalogue:
    """Makes each project once. ``recognisers``: holder → code of who recognises; a district by its college."""

    def __init__(self, organisations: Mapping[str, Organisation], recognisers: Mapping[str, str], on: date) -> None:
        self._organisations = organisations
        self._recognisers = recognisers
        self._on = on
        self._made: dict[tuple[object, ...], Project] = {}

    def find(self, offer: Offer) -> Project | None:
        """The project, or nothing if its credits are not recognised by the demo's day."""
        holder = self._holder(offer)
        subject = f"{_STAGE_WORDS.get(offer.stage, '')}{offer.subject}" if offer.kind.by_subject else ""
        name = (offer.kind.id, offer.credits, holder, offer.term, subject, offer.turn, offer.person)
        project = self._made.get(name)
        if project is None:
            project = self._made[name] = self._make(offer, holder, subject, uuid_for("project", *name))
        return project if project.recognition.on <= self._on else None

    def _holder(self, offer: Offer) -> str:
        if offer.kind.holder in (NATION, CITY):
            return self._recognisers[offer.kind.holder]
        return offer.place if offer.kind.holder == SCHOOL else f"{offer.place[:6]}-C"

    def _make(self, offer: Offer, holder: str, subject: str, uuid: UUID) -> Project:
        rng = Chance(uuid)
        kind, term = offer.kind, TERMS[offer.term]
        earned_on = _working_day(term, kind, rng)
        recognised_on = earned_on + timedelta(days=7 + rng.below(RECOGNISED_WITHIN.days - 6))
        organisation = self._organisations[holder]
        return Project(
            key=uuid.hex,
            kind=kind,
            facts=_facts(kind, offer.credits, earned_on),
            source=Source(kind.source, uuid, _title(kind, subject or offer.subject, offer.turn, rng)),
            recognition=Recognition(organisation, recognised_on, _decision(organisation, kind, recognised_on, rng)),
        )


def _working_day(term: SchoolTerm, kind: Kind, rng: Chance) -> date:
    """A working day in the weeks of a term in which such a project ends."""
    last = min((term.ends_on - term.starts_on).days, 7 * kind.last_week)
    first = min(7 * kind.weeks, last)
    day = term.starts_on + timedelta(days=first + rng.below(last - first + 1))
    day -= timedelta(days=max(0, day.weekday() - 4))
    return day + timedelta(days=7) if _is_holiday(day) else day


def _is_holiday(day: date) -> bool:
    return (day.month, day.day) == (5, 1) or (day.month == 10 and day.day <= 7)


def _facts(kind: Kind, amount: int, earned_on: date) -> EntryFacts:
    if not kind.gives_credits:
        return EntryFacts(earned_on, kind.level, kind.category, kind.form, 0, kind.tags, days=amount * kind.days)
    hours = amount * kind.hours // 100
    return EntryFacts(earned_on, kind.level, kind.category, kind.form, amount, kind.tags, hours)


def _title(kind: Kind, subject: str, turn: int, rng: Chance) -> str:
    topic = kind.topics[rng.below(len(kind.topics))].format(subject=subject)
    return f"{kind.prefix}{topic}" + (f"（第{turn + 1}期）" if turn and kind.holder != OWN else "")


def _decision(organisation: Organisation, kind: Kind, day: date, rng: Chance) -> str:
    word = "师认" if kind.holder != SCHOOL else "校认"
    return f"{organisation.name[:2]}{word}〔{day.year}〕{rng.below(399) + 1}号"

"""A programme of study: how much of each kind somebody does in all, split into projects and spread over terms."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random

from shixun.demo.careers.career import Career
from shixun.demo.history.kinds import Kind
from shixun.demo.school_terms import TERMS, first_term_from

Amounts = dict[str, int]


@dataclass(frozen=True, slots=True)
class Item:
    """One project to be done: kind, hundredths of a credit (days where it gives none), and the term."""

    kind: Kind
    credits: int
    term: int


@dataclass(frozen=True, slots=True)
class Programme:
    """``amounts``: kind → hundredths over the whole programme; ``dated``: what is done in a named term.

    ``early_terms`` are the terms of the certificates that everybody earns at the beginning; in ``closed`` ones nothing
    is done beyond what is dated.
    """

    amounts: Amounts
    dated: tuple[tuple[str, int, int], ...] = ()
    early_terms: tuple[int, ...] = (1, 2, 3)
    closed: frozenset[int] = frozenset()


def items_of(programme: Programme, career: Career, kinds: Mapping[str, Kind], rng: Random) -> Iterator[Item]:
    """Everything of a programme that lies within the cycle, whether or not its day has come."""
    for name, amount in programme.amounts.items():
        kind = kinds[name]
        parts = split(amount, kind.sizes, rng)
        for place, credits in enumerate(parts):
            term = _early(programme, career, rng) if kind.early else _spread(place, len(parts), career, rng)
            while term in programme.closed:
                term += 1
            if term < len(TERMS):
                yield Item(kind, credits, term)
    for name, amount, term in programme.dated:
        for credits in split(amount, kinds[name].sizes, rng):
            yield Item(kinds[name], credits, term)


def split(amount: int, sizes: tuple[int, ...], rng: Random) -> list[int]:
    """An amount as projects of these sizes, never more than the amount unless no size fits what is left."""
    parts: list[int] = []
    left = amount
    while left > 0:
        fitting = [size for size in sizes if size == left or size + sizes[0] <= left]
        parts.append(rng.choice(fitting) if fitting else sizes[0])
        left -= parts[-1]
    return parts


def changed(amounts: Mapping[str, int], less: Mapping[str, int], more: Mapping[str, int]) -> Amounts:
    """A programme with less of some kinds and more of others."""
    made = dict(amounts)
    for name, amount in less.items():
        made[name] = max(0, made.get(name, 0) - amount)
    for name, amount in more.items():
        made[name] = made.get(name, 0) + amount
    return made


def _spread(place: int, parts: int, career: Career, rng: Random) -> int:
    return career.began + int((place + rng.random()) / parts * career.terms_needed)


def _early(programme: Programme, career: Career, rng: Random) -> int:
    since = first_term_from(career.entered_on)
    return rng.choice([term for term in programme.early_terms if term >= since] or [since])

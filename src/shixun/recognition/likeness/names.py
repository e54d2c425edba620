"""Names of one register that are spelled nearly alike, found by the pairs of signs they share."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from shixun.recognition.likeness.events import name_likeness
from shixun.recognition.validators import spelled

LEAST = 78


def alike(names: Mapping[int, str], wanted: Iterable[int], most: int = 5) -> dict[int, list[int]]:
    """For each wanted number those of the others whose names are alike, the likest first; pairs are counted once."""
    pairs = {number: _pairs(name) for number, name in names.items()}
    holders: dict[str, list[int]] = defaultdict(list)
    for number, held in pairs.items():
        for pair in held:
            holders[pair].append(number)
    return {number: _likest(number, names, pairs, holders, most) for number in wanted if number in names}


def _likest(
    number: int,
    names: Mapping[int, str],
    pairs: Mapping[int, set[str]],
    holders: Mapping[str, list[int]],
    most: int,
) -> list[int]:
    shared = Counter(other for pair in pairs[number] for other in holders[pair] if other != number)
    scored = []
    for other, count in shared.items():
        # What shares less than half of the shorter name's pairs is never alike: not worth the exact answer.
        if 2 * count >= min(len(pairs[number]), len(pairs[other])):
            score = name_likeness(names[number], names[other])
            scored += [(-score, other)] if score >= LEAST else []
    return [other for _, other in sorted(scored)[:most]]


def _pairs(name: str) -> set[str]:
    text = spelled(name)
    return {text[place : place + 2] for place in range(len(text) - 1)} or {text}

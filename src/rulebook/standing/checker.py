"""Verifies the certificate of a standing by addition alone; imports nothing of the engine.

    python -m rulebook.standing.checker standing.jsonl

A shortfall is proven when two sums meet: an allocation that meets every requirement with that many new credits
(no more is needed), and weights on the requirements whose needs exceed, by that much, everything that can count
towards them (no less will do). Exit code 0: all proven; 1: the lines that are not, each with its reason.
"""

import json
import math
import sys
from collections.abc import Iterator
from fractions import Fraction
from typing import Any


def problems(line: dict[str, Any]) -> list[str]:
    """What is wrong with one output line; empty when its verdict is proven."""
    try:
        return list(_problems(line))
    except (KeyError, TypeError, ValueError, ZeroDivisionError, AttributeError) as error:
        return [f"certificate cannot be read: {error!r}"]


def _problems(line: dict[str, Any]) -> Iterator[str]:
    proof, served = line["certificate"]["allocation"], line["certificate"]["allocation"]["places"]
    needs = {row: Fraction(need) for row, need in proof["needs"].items()}
    new = {place: Fraction(credits) for place, credits in proof["new"].items()}
    got = dict.fromkeys(needs, Fraction(0))
    lower = Fraction(0)
    weights = {row: Fraction(weight) for row, weight in line["certificate"]["dual"]["requirements"].items()}
    if min([*weights.values(), *new.values(), Fraction(0)]) < 0:
        yield "a weight or a new credit is negative"
    for kind, supply in proof["supply"].items():
        credits, used = Fraction(supply["credits"]), Fraction(0)
        for place, amount in supply["counted_in"].items():
            used += Fraction(amount)
            if place not in supply["may_count_in"] or Fraction(amount) < 0:
                yield f"{kind}: {amount} may not count in {place}"
            for row in served[place]:
                got[row] += Fraction(amount)
        if used != credits:
            yield f"{kind}: {used} counted of {credits}"
        lower -= credits * max(sum(weights.get(row, 0) for row in served[place]) for place in supply["may_count_in"])
    for row, need in needs.items():
        have = got[row] + sum(credits for place, credits in new.items() if row in served[place])
        if have < need:
            yield f"{row}: {have} of {need} is reached"
        lower += weights.get(row, 0) * need
    for place in proof["new_places"]:
        if sum(weights.get(row, 0) for row in served[place]) > 1:
            yield f"a new credit in {place} would count for more than one"
    if not set(new) <= set(proof["new_places"]):
        yield "a new credit lies where none can be earned"
    upper = sum(new.values(), Fraction(0))
    if upper != lower or upper != Fraction(proof["shortfall"]):
        yield f"{upper} new credits suffice, {lower} are proven necessary, {proof['shortfall']} is claimed"
    if Fraction(line["shortfall"]) * 100 != math.ceil(upper * 100) or line["met"] != (upper == 0):
        yield "verdict and proof differ"
    for row in line["requirements"]:
        if Fraction(row["counted"]) != Fraction(math.floor(got[row["id"]] * 100), 100):
            yield f"{row['id']}: {row['counted']} is shown as counted, {got[row['id']]} is allocated"
        if Fraction(row["short"]) != Fraction(max(0, math.ceil((needs[row["id"]] - got[row["id"]]) * 100)), 100):
            yield f"{row['id']}: {row['short']} is shown as short"
        if Fraction(row["need"]) != Fraction(math.ceil(needs[row["id"]] * 100), 100):
            yield f"{row['id']}: {row['need']} is shown as need, {needs[row['id']]} was judged"


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:
        wrong = [f"{line['person']}: {text}" for line in map(json.loads, file) for text in problems(line)]
    print("\n".join(wrong) or "every line is proven", file=sys.stderr if wrong else sys.stdout)
    sys.exit(1 if wrong else 0)

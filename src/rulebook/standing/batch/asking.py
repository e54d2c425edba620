"""One question about a population: who is asked what, and the sums of her entries that count."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rulebook.parameters import LocalChoices
from rulebook.policy.model import Policy
from rulebook.standing.batch import verdict_kernel
from rulebook.standing.batch.columns import Ints, KeptSums, OrderedEntries, PeopleColumns
from rulebook.standing.batch.demands import Demands, demands_on
from rulebook.standing.result import Place


class Asked:
    """People by what is asked of them: ``group[i]`` numbers ``demands``. Raises ``BadProfiles``.

    Without ``by_tables`` they can only be solved one by one.
    """

    def __init__(
        self,
        policy: Policy,
        people: PeopleColumns,
        entries: OrderedEntries | KeptSums,
        *,
        on: date,
        local: LocalChoices,
        by_tables: bool = True,
    ) -> None:
        self.entries, self.recorded = entries, tuple(entries.places)
        known = self.recorded if by_tables else None
        asked = [demands_on(policy, local, one, known) for one in people.alike]
        self.demands: tuple[Demands, ...] = tuple(dict.fromkeys(asked))
        number = np.array([self.demands.index(one) for one in asked], np.int32)
        self.group = number[people.which] if len(number) else np.zeros(0, np.int32)
        self.days = days_that_count(policy, on, entries.day_zero if isinstance(entries, OrderedEntries) else 0)

    def supply(self, members: Ints, demands: Demands) -> tuple[list[Place], NDArray[np.int64]]:
        """Hundredths by member and place, after the structure has read each recorded place its own way."""
        places: dict[Place, int] = {}
        read = [places.setdefault(demands.structure.place_of(*place), len(places)) for place in self.recorded]
        sums = self._sums(members)
        if len(places) == len(read):
            return list(places), sums[:, : len(read)]
        supply = np.zeros((len(members), len(places)), np.int64)
        for column, place in enumerate(read):
            supply[:, place] += sums[:, column]
        return list(places), supply

    def _sums(self, members: Ints) -> NDArray[np.int64]:
        if isinstance(self.entries, KeptSums):
            return self.entries.sums[members].astype(np.int64)
        return sums_of(self.entries, self.days, members, np.int64).astype(np.int64, copy=False)


def days_that_count(policy: Policy, on: date, day_zero: int) -> Ints:
    """First and last day of the cycle up to ``on``, as columns count days."""
    cycle = policy.cycle_of(on)
    last = min(on, cycle.ends_on)
    return np.array([cycle.starts_on.toordinal() - day_zero, last.toordinal() - day_zero], np.int64)


def sums_of(entries: OrderedEntries, days: Ints, members: Ints, width: type[np.integer[Any]]) -> Ints:
    """Hundredths by member and recorded place."""
    sums = np.zeros((len(members), max(1, len(entries.places))), width)
    small = len(members) <= verdict_kernel.ONE_CORE
    add = verdict_kernel.sum_entries_on_one_core if small else verdict_kernel.sum_entries_on_all_cores
    add(entries.first, entries.place, entries.day, entries.credits, days, members, sums)
    return sums


def kept_sums(
    entries: OrderedEntries, policy: Policy, *, on: date, width: type[np.integer[Any]] = np.int64
) -> KeptSums:
    """The sums of a day, to be judged again and again; ``width`` may be narrower where sums are known to fit."""
    days = days_that_count(policy, on, entries.day_zero)
    return KeptSums(sums_of(entries, days, np.arange(entries.people), width), entries.places)

"""Compiles what a site needs of this package, so that nobody waits for it; kept on disk for later processes."""

from __future__ import annotations

from datetime import date

from rulebook.facts import EntryFacts, PersonFacts
from rulebook.policy import shipped_policy
from rulebook.standing.batch.columns import columns_of
from rulebook.standing.batch.population import summaries_of


def compile_now() -> None:
    """Judge one person with one entry: the same compiled code as for a few hundred."""
    policy = shipped_policy("shanghai-2016")
    entry = EntryFacts(date(2018, 3, 1), "city", "knowledge", "course", 100)
    summaries_of(policy, [PersonFacts("")], columns_of([(0, entry)]), on=date(2018, 12, 31))

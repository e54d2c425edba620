"""The standing of a whole population over columns, always equal to the single computation (credit-engine §4)."""

from rulebook.standing.batch.asking import kept_sums
from rulebook.standing.batch.columns import (
    EntryColumns,
    KeptSums,
    OrderedEntries,
    PeopleColumns,
    columns_of,
    in_order,
    people_columns,
)
from rulebook.standing.batch.population import Gaps, Summaries, gaps_of, summaries_of
from rulebook.standing.batch.timed import TimedColumn, timed_of
from rulebook.standing.batch.verdicts import Verdicts, verdicts_of

__all__ = [
    "EntryColumns",
    "Gaps",
    "KeptSums",
    "OrderedEntries",
    "PeopleColumns",
    "Summaries",
    "TimedColumn",
    "Verdicts",
    "columns_of",
    "gaps_of",
    "in_order",
    "kept_sums",
    "people_columns",
    "summaries_of",
    "timed_of",
    "verdicts_of",
]

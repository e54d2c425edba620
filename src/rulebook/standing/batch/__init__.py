"""The standing of a whole population over columns, always equal to the single computation (credit-engine §4)."""

from rulebook.standing.batch.columns import EntryColumns, columns_of
from rulebook.standing.batch.population import Summaries, summaries_of
from rulebook.standing.batch.timed import TimedColumn, timed_of

__all__ = ["EntryColumns", "Summaries", "TimedColumn", "columns_of", "summaries_of", "timed_of"]

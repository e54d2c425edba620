"""What the room's pages show, as plain shapes."""

from shixun.standing.tables.account import Shown, structure_of
from shixun.standing.tables.heat import MOST_MISSING, HeatPage, buckets, people_url, sorted_rows

__all__ = ["MOST_MISSING", "HeatPage", "Shown", "buckets", "people_url", "sorted_rows", "structure_of"]

"""What the room's pages show, as plain shapes."""

from shixun.standing.tables.account import Shown, structure_of
from shixun.standing.tables.heat import (
    CYCLE,
    MOST_MISSING,
    TIMED,
    HeatPage,
    buckets,
    exported_rows,
    people_url,
    sorted_rows,
)

__all__ = [
    "CYCLE", "MOST_MISSING", "TIMED", "HeatPage", "Shown", "buckets", "exported_rows", "people_url", "sorted_rows",
    "structure_of",
]  # fmt: skip

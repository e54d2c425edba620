"""Pages of the room."""

from shixun.standing.views.entries import own_entry, person_entry
from shixun.standing.views.heat import heat
from shixun.standing.views.refreshing import refresh
from shixun.standing.views.standings import own_standing, person_standing
from shixun.standing.views.statements import own_statement, person_statement
from shixun.standing.views.teachers import teachers

__all__ = [
    "heat", "own_entry", "own_standing", "own_statement", "person_entry", "person_standing", "person_statement",
    "refresh", "teachers",
]  # fmt: skip

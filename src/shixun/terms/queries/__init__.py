"""Questions about time: which school year and term it is, what is open where, what is to be done this month."""

from shixun.terms.queries.calendars import (
    calendar_for,
    calendars_within,
    items_due,
    items_of,
    shown_items,
)
from shixun.terms.queries.school_years import (
    SchoolTerm,
    bounds_of_years,
    cycle_of,
    school_year_of,
    term_of,
    year_bounds,
)
from shixun.terms.queries.windows import WindowState, open_window, window_words, windows_seen_by

__all__ = [
    "SchoolTerm",
    "WindowState",
    "bounds_of_years",
    "calendar_for",
    "calendars_within",
    "cycle_of",
    "items_due",
    "items_of",
    "open_window",
    "school_year_of",
    "shown_items",
    "term_of",
    "window_words",
    "windows_seen_by",
    "year_bounds",
]

"""What is done with windows and calendars."""

from shixun.terms.actions.calendars import (
    ItemFields,
    add_item,
    change_item,
    copy_calendar,
    mark_done,
    publish_calendar,
    remove_item,
    unmark_done,
)
from shixun.terms.actions.telling import tell_due
from shixun.terms.actions.windows import (
    WindowFields,
    change_window,
    close_window,
    discard_window,
    extend_window,
    plan_window,
    publish_window,
    withdraw_window,
)
from shixun.terms.actions.years import set_school_year

__all__ = [
    "ItemFields",
    "WindowFields",
    "add_item",
    "change_item",
    "change_window",
    "close_window",
    "copy_calendar",
    "discard_window",
    "extend_window",
    "mark_done",
    "plan_window",
    "publish_calendar",
    "publish_window",
    "remove_item",
    "set_school_year",
    "tell_due",
    "unmark_done",
    "withdraw_window",
]

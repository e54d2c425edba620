"""Rows chosen on a list and what is to be done with all of them: first how many and what will happen, then the deed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from shixun.kernel.refusals import Refusal

_NAMED = 10
# More than this many named one by one is no choice any more; SQLite takes no more values in one query either.
_MOST = 500


@dataclass(frozen=True, slots=True)
class BatchAction:
    """What may be done with chosen rows.

    ``run(request, rows)`` does it, in its own transaction, with its own checks, and says in a sentence what was done,
    or answers with a page of its own. ``says`` tells before what will happen; it may name ``{count}``. An action that
    has to ask more than whether to go on ``asks(request, selection)`` with a page of its own, which also does the deed.
    """

    key: str
    label: str
    says: str
    run: Callable[[HttpRequest, QuerySet[Any]], str | HttpResponseBase]
    icon: str = "check"
    asks: Callable[[HttpRequest, Selection], HttpResponseBase] | None = None


@dataclass(frozen=True, slots=True)
class Selection:
    """The rows somebody chose: these by their number, or ``every`` row under the filters as she saw them counted."""

    rows: QuerySet[Any]
    chosen: Sequence[str]
    every: bool
    counted: str

    @classmethod
    def read(cls, request: HttpRequest, rows: QuerySet[Any], by: str) -> Selection:
        """What was posted, within the rows of the list: whoever may not see a row cannot choose it either."""
        every = request.POST.get("every") == "1"
        chosen = [row for row in dict.fromkeys(request.POST.getlist("row")) if row.isdecimal()][:_MOST]
        found = rows if every else rows.filter(**{f"{by}__in": chosen})
        return cls(found, chosen, every, request.POST.get("counted", ""))


def answer(
    request: HttpRequest, actions: Sequence[BatchAction], selection: Selection, *, noun: str, back: str, title: Any
) -> HttpResponseBase:
    """The page that says how many and what will happen; the deed itself once that was confirmed.

    ``title`` is the column that names a row. Raises ``Refusal`` for an action the list does not have, and where there
    are now more or fewer rows than were counted.
    """
    action = next((one for one in actions if one.key == request.POST.get("batch")), None)
    if action is None:
        raise Refusal("这个列表没有这项批量操作，或者您现在的角色不能使用。", status=409)
    count = selection.rows.count()
    if not count:
        messages.warning(request, "没有选中任何一行。请先勾选，再选择要做的事。")
        return redirect(back)
    if action.asks is not None:
        return action.asks(request, selection)
    if request.POST.get("sure") == "1":
        return _done(request, action, selection, count, noun, back)
    context = {
        "action": action,
        "says": action.says.format(count=f"{count:,}"),
        "selection": selection,
        "count": count,
        "noun": noun,
        "back": back,
        "named": [title.raw(row) for row in selection.rows[:_NAMED]],
        "more": max(0, count - _NAMED),
    }
    return render(request, "kernel/list/confirm.html", context)


def _done(
    request: HttpRequest, action: BatchAction, selection: Selection, count: int, noun: str, back: str
) -> HttpResponseBase:
    if selection.counted != str(count):
        raise Refusal(
            f"您确认的是 {selection.counted or 0} {noun}，现在符合条件的有 {count} {noun}，因此没有执行。",
            who_can="请回到列表看一遍，再重新选择。",
            status=409,
        )
    result = action.run(request, selection.rows)
    if not isinstance(result, str):
        return result
    messages.success(request, result)
    return redirect(back)

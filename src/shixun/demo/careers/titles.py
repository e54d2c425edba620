"""How long a teacher of some years holds which title, and the appointments this makes."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from itertools import pairwise
from random import Random

from shixun.people.bulk import AppointmentRow
from shixun.people.choices import Title

Step = tuple[date, str]


def titles_of(entered_on: date, on: date, rng: Random, *, senior_share: float = 0.3) -> list[Step]:
    """The titles somebody has held, each with its first day, the earliest first."""
    steps: list[Step] = [(entered_on, Title.NONE)]
    due = (
        (Title.JUNIOR, 1, 1.0),
        (Title.MIDDLE, rng.randint(6, 9), 1.0 if senior_share == 1 else 0.85),
        (Title.SENIOR, rng.randint(14, 22), senior_share),
        (Title.FULL_SENIOR, rng.randint(26, 30), 0.02),
    )
    for title, years, share in due:
        granted_on = date(entered_on.year + years, 12, 1)
        if granted_on > on or rng.random() > share:
            break
        steps.append((granted_on, title))
    return steps


def senior_since(steps: Iterable[Step]) -> date | None:
    """The day from which somebody was a senior teacher."""
    return next((day for day, title in steps if title in (Title.SENIOR, Title.FULL_SENIOR)), None)


def main_posts(
    places: list[Step], duties: list[Step], titles: list[Step], like: AppointmentRow
) -> list[AppointmentRow]:
    """Main appointments without gap or overlap: a new one whenever place, duty or title changes."""
    days = sorted({day for steps in (places, duties, titles) for day, _ in steps})
    ends: list[date | None] = [later for _, later in pairwise(days)] + [None]
    return list(_posts(days, ends, places, duties, titles, like))


def _posts(
    days: list[date],
    ends: list[date | None],
    places: list[Step],
    duties: list[Step],
    titles: list[Step],
    like: AppointmentRow,
) -> Iterator[AppointmentRow]:
    for day, end in zip(days, ends, strict=True):
        yield replace(
            like,
            organisation=_held(places, day),
            duty=_held(duties, day),
            title=_held(titles, day),
            valid_from=day,
            valid_until=end,
        )


def _held(steps: list[Step], day: date) -> str:
    return next(value for since, value in reversed(steps) if since <= day)

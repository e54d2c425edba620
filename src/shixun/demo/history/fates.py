"""Who shows what: some people for each reason, some who have met everything, most on their way, some behind."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from random import Random

from shixun.demo.careers.career import Career
from shixun.demo.history.reason import Reason
from shixun.demo.school_terms import TERMS, terms_over
from shixun.demo.seeded import draws_for
from shixun.people.bulk import AppointmentRow
from shixun.people.choices import Duty

MET = "met"
_BESIDES = frozenset({"senior"})
_TEACHING = frozenset({"teacher", "pd_school", "vocational"})
_ACCOUNTS_APART = frozenset({"principal", "principal_designate", "probation"})
_BASES = _TEACHING | _ACCOUNTS_APART
_MET_SHARE, _BEHIND_SHARE = 0.16, 0.14
_NEWCOMERS_SINCE = 2016
# The first whose minima are reduced, and the last who can have met them by now.
_REDUCED, _REDUCED_SINCE = "reduced", 2017


def settle(careers: Sequence[Career], reasons: Mapping[str, Reason], *, each: int, on: date) -> None:
    """Give everybody a reason or a pace; ``each`` people, personas included, for every reason that finds so many."""
    rng = draws_for("fates", len(careers))
    order = [career for career in careers if not career.reason and not career.username]
    rng.shuffle(order)
    # The rarest first: whoever fits two reasons is kept for the one that asks more.
    for reason in sorted(reasons.values(), key=lambda reason: -len(reason.profiles)):
        if not reason.by_seat:
            _give(reason, order, each)
    for career in careers:
        if not career.reason:
            _pace(career, on, rng)
        elif career.reason == MET or career.reason in reasons:
            _complete(career, reasons.get(career.reason), on)


def fits(career: Career, reason: Reason) -> bool:
    """May this person show this reason: the same base, no addition that would change her programme, here."""
    if not reason.profiles <= career.profiles:
        return False
    others = (career.profiles - reason.profiles) & _BASES
    if others and not (others <= _TEACHING and reason.profiles <= _ACCOUNTS_APART):
        return False
    if career.profiles - _BASES - _BESIDES - reason.profiles:
        return False
    if (reason.only_in and career.district not in reason.only_in) or career.district in reason.not_in:
        return False
    if "senior" in reason.profiles and (career.senior_on is None or career.senior_on.year > _NEWCOMERS_SINCE):
        return False
    if reason.id == _REDUCED:
        return career.entered_on.year == _REDUCED_SINCE
    return career.entered_on.year < _NEWCOMERS_SINCE


def _give(reason: Reason, order: Iterable[Career], each: int) -> None:
    left = each
    for career in order:
        if left and not career.reason and fits(career, reason):
            career.reason = reason.id
            left -= 1


def _complete(career: Career, reason: Reason | None, on: date) -> None:
    """All of her programme is done by now; what is missing is missing for her reason."""
    career.terms_needed = max(1, terms_over(on) - career.began)
    if reason is not None and reason.released:
        career.released = True
        since = date(2019, 9, 1)
        career.posts.append(AppointmentRow(career.place, Duty.RELEASED_STUDY, since, date(2020, 7, 1), is_main=False))


def _pace(career: Career, on: date, rng: Random) -> None:
    share = rng.random()
    left = len(TERMS) - career.began
    if share < _MET_SHARE:
        career.terms_needed = max(1, terms_over(on) - career.began)
    elif share < 1 - _BEHIND_SHARE:
        career.terms_needed = left * rng.uniform(0.92, 1.05)
    else:
        career.terms_needed = left * rng.uniform(1.3, 2.2)

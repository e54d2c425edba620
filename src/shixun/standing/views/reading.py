"""What the room's pages share: whose credits are read, as of which day, under which addresses."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from shixun.kernel import clock
from shixun.people.models import Person


@dataclass(frozen=True, slots=True)
class Reader:
    """Whose credits are on the page, and whether she reads them herself."""

    person: Person
    is_own: bool

    def address(self, page: str = "", **arguments: Any) -> str:
        """The address of one of her pages: the standing itself, ``statement`` or ``entry``."""
        suffix = f"-{page}" if page else ""
        if self.is_own:
            return reverse(f"standing:own{suffix}", kwargs=arguments or None)
        return reverse(f"standing:person{suffix}", kwargs={"uuid": self.person.uuid, **arguments})

    @property
    def standing_url(self) -> str:
        return self.address()

    @property
    def statement_url(self) -> str:
        return self.address("statement")

    def addressed(self, sentence: str) -> str:
        """The rulebook speaks to the teacher herself; an officer reads of her by name."""
        return sentence if self.is_own else sentence.replace("您", self.person.name, 1)


def found_person(uuid: UUID) -> Person:
    """Somebody by uuid, or 404."""
    return get_object_or_404(Person, uuid=uuid)


def as_of(request: HttpRequest) -> tuple[date, str]:
    """The day of ``?as_of=``, and what to say where it could not be used; today where it is missing or unusable."""
    asked, today = request.GET.get("as_of", ""), clock.today()
    if not asked:
        return today, ""
    try:
        day = date.fromisoformat(asked)
    except ValueError:
        return today, f"“{asked[:20]}”不是日期，下面是今天的情况。请写成 {today:%Y-%m-%d} 这样的日期。"
    if day > today:
        return today, f"{day.year}年{day.month}月{day.day}日还没有到，下面是今天的情况。"
    return day, ""

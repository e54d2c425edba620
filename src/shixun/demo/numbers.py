"""Numbers of persons: identity numbers with a right check digit, under an area code that belongs to no place."""

from datetime import date

from shixun.people.choices import Sex
from shixun.people.validators import check_digit


class IdentityNumbers:
    """Gives each person a number of her own: area, day of birth, a running number odd for men, check digit."""

    def __init__(self, area_code: str) -> None:
        self._area = area_code
        self._last: dict[tuple[date, bool], int] = {}

    def next_for(self, born_on: date, sex: str) -> str:
        male = sex == Sex.MALE
        number = self._last.get((born_on, male), -1 if male else 0) + 2
        self._last[born_on, male] = number
        first_17 = f"{self._area}{born_on:%Y%m%d}{number:03d}"
        return first_17 + check_digit(first_17)

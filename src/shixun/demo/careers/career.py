"""One person's working life as the demo tells it, from which rows, accounts and credits are made."""

from dataclasses import dataclass, field
from datetime import date

from shixun.demo.seeded import uuid_for
from shixun.people.bulk import AccountRow, AppointmentRow, GrantRow, PersonRow


@dataclass(slots=True)
class Career:
    """``profiles`` are the policy's ids she holds on the demo's day, her base among them.

    ``terms_needed``: in how many terms she would complete a whole programme; ``began``: number of the first term in
    which she took part; ``reason``: id of what her credits are made to show, empty for the common run of people.
    """

    code: str
    name: str
    sex: str
    born_on: date
    entered_on: date
    stage: str
    subject: str
    posts: list[AppointmentRow]
    profiles: set[str]
    terms_needed: float = 10.0
    began: int = 0
    reason: str = ""
    released: bool = False
    senior_on: date | None = None
    designate_from: int | None = None
    identifiers: tuple[tuple[str, str], ...] = ()
    grants: list[GrantRow] = field(default_factory=list)
    username: str = ""

    @property
    def place(self) -> str:
        """Code of where she works now."""
        return self.posts_in_order()[-1].organisation

    @property
    def district(self) -> str:
        return self.place[:6]

    def posts_in_order(self) -> list[AppointmentRow]:
        return sorted((post for post in self.posts if post.is_main), key=lambda post: post.valid_from)

    def place_on(self, day: date) -> str:
        """Code of where she worked on a day; her first place before she began."""
        held = self.posts_in_order()
        return next((post.organisation for post in reversed(held) if post.valid_from <= day), held[0].organisation)

    def person_row(self) -> PersonRow:
        return PersonRow(
            self.code,
            self.name,
            self.sex,
            self.born_on,
            self.entered_on,
            self.identifiers,
            tuple(self.posts),
            uuid_for("person", self.code),
        )

    def account_row(self) -> AccountRow:
        username = self.username or self.code.lower()
        return AccountRow(username, self.code, tuple(self.grants), uuid_for("user", username))

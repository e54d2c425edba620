"""A change that is planned or being carried out, as the rooms see it who say what follows from it."""

from dataclasses import dataclass, field
from datetime import date

from shixun.people.models import Organisation
from shixun.people.organisations.choices import ENDING, OrganisationChangeKind


@dataclass(frozen=True, slots=True)
class Opening:
    """An organisation yet to be opened: a new one for others to be merged into."""

    code: str
    name: str
    stage: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """``organisations`` change on the day ``on``.

    ``name``: what it is called from then on (renamed). ``parent``: where it lies from then on (moved). ``successor``:
    what they are merged into; None while that is yet to be opened (``opening``). ``bodies``: those that act for
    another area from then on, because theirs is merged or they are moved themselves.
    """

    kind: OrganisationChangeKind
    organisations: tuple[Organisation, ...]
    on: date
    reason: str
    document: str
    name: str = ""
    parent: Organisation | None = None
    successor: Organisation | None = None
    opening: Opening | None = None
    bodies: tuple[Organisation, ...] = ()
    keys: tuple[int, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "keys", tuple(row.pk for row in self.organisations))

    @property
    def is_ending(self) -> bool:
        return self.kind in ENDING

    @property
    def is_merger(self) -> bool:
        return self.kind == OrganisationChangeKind.MERGED

    @property
    def body_keys(self) -> frozenset[int]:
        return frozenset(row.pk for row in self.bodies)

    @property
    def heir_name(self) -> str:
        """The name of what they are merged into."""
        if self.successor is not None:
            return self.successor.name
        return self.opening.name if self.opening else ""

    @property
    def heir(self) -> Organisation:
        """What they are merged into, once it is there."""
        assert self.successor is not None  # noqa: S101 - opened before anything is carried out
        return self.successor

    @property
    def names(self) -> str:
        return "、".join(row.name for row in self.organisations)

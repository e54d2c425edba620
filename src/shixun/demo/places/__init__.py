"""Where the people of the demo work: areas, their bodies, and the schools."""

from dataclasses import dataclass

from shixun.people.bulk import OrganisationRow


@dataclass(frozen=True, slots=True)
class School:
    """A school to be staffed: its row, how many people work there, and whether it trains its own (PR-08)."""

    row: OrganisationRow
    staff: int
    trains_its_own: bool = False


@dataclass(frozen=True, slots=True)
class College:
    """A district's college of education: its row and how many research officers and trainers it has."""

    row: OrganisationRow
    staff: int


@dataclass(frozen=True, slots=True)
class Region:
    """All places of a region; ``districts`` are the codes of its districts or counties, in order."""

    name: str
    policy_id: str
    root: OrganisationRow
    above: tuple[OrganisationRow, ...]
    districts: tuple[str, ...]
    schools: tuple[School, ...]
    colleges: tuple[College, ...]

    def rows(self) -> list[OrganisationRow]:
        """Every organisation, parents before children."""
        return [*self.above, *(item.row for item in self.colleges), *(item.row for item in self.schools)]

"""Questions about imports: the history, the groups of findings, the rows that stay out, an earlier twin."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from shixun.kernel.spreadsheets.kinds import import_kind
from shixun.kernel.spreadsheets.models import Difference, Finding, Import, Level, Stage


@dataclass(frozen=True, slots=True)
class Group:
    """Findings of one sort: how many cells, in how many rows, a few of them, and whether its repair is agreed."""

    level: str
    code: str
    title: str
    cells: int
    rows: int
    examples: tuple[Finding, ...]
    agreed: bool


def imports_seen_by(actor: Any) -> QuerySet[Import]:
    """The imports somebody started, and those started within her scope."""
    mine = Q(started_by=actor.user_uuid) | actor.scope.within("acting_path")
    return Import.objects.filter(mine).select_related("file", "job")


def groups_of(source: Import, *, examples: int = 3) -> list[Group]:
    """The findings by sort: errors, repairs, notes; the largest group first."""
    counted = (
        source.findings.values("level", "code", "title")
        .annotate(cells=Count("id"), rows=Count("row", distinct=True))
        .order_by("-cells", "code")
    )
    groups = [
        Group(
            level=item["level"],
            code=item["code"],
            title=item["title"],
            cells=item["cells"],
            rows=item["rows"],
            examples=tuple(findings_of(source, item["level"], item["code"])[:examples]),
            agreed=item["code"] in source.agreed,
        )
        for item in counted
    ]
    order = [level.value for level in Level]
    return sorted(groups, key=lambda group: order.index(group.level))


def findings_of(source: Import, level: str, code: str) -> QuerySet[Finding]:
    """The findings of one group, in the order of the file."""
    return source.findings.filter(level=level, code=code).order_by("row", "column", "id")


def refused_rows(source: Import) -> QuerySet[Finding]:
    """The findings that keep their row out: errors, and repairs nobody agreed to."""
    waiting = Q(level=Level.REPAIR) & ~Q(code__in=source.agreed)
    return source.findings.filter(Q(level=Level.ERROR) | waiting)


def refused_row_count(source: Import) -> int:
    """How many rows stay out."""
    return refused_rows(source).values("row").distinct().count()


def difference_counts(source: Import) -> dict[str, int]:
    """What would be written now, by what it does."""
    rows = source.differences.filter(is_set_aside=False).values_list("what").annotate(number=Count("id"))
    return dict(rows)


def differences_of(source: Import) -> QuerySet[Difference]:
    """What would be written now, row by row."""
    return source.differences.filter(is_set_aside=False)


def half_written(actor: Any, *kinds: str, **options: str) -> QuerySet[Import]:
    """Imports within a scope of which a part is written and the rest not, with these options: what they say is not all.

    The oldest first.
    """
    rows = imports_seen_by(actor).filter(kind__in=kinds).exclude(stage__in=(Stage.APPLIED, Stage.DISCARDED))
    asked = {f"options__{name}": value for name, value in options.items()}
    return rows.filter(**asked).exclude(result={}).order_by("created_at", "pk")


def earlier_twin(source: Import) -> Import | None:
    """An import of the very same file that was applied before, by the same organisation."""
    return (
        Import.objects.filter(
            kind=source.kind, acting_path=source.acting_path, file__sha256=source.file.sha256, stage=Stage.APPLIED
        )
        .exclude(pk=source.pk)
        .order_by("-applied_at")
        .first()
    )


def title_of(source: Import) -> str:
    """The title of an import's kind."""
    return import_kind(source.kind).title

"""The table of all prints, kept in this process and read on from where it stopped; candidates for a photo."""

from dataclasses import dataclass, field

import numpy as np
from django.db.models import Q, QuerySet
from numpy.typing import NDArray

from shixun.recognition.likeness.pictures import WINDOWS, from_bytes, nearest
from shixun.recognition.models import Claim, Evidence, ImagePrint

_CANDIDATES, _LATE = 24, 1_000


@dataclass
class PrintTable:
    """Prints by evidence, as one array. Rows are never changed, so what was read once stays right."""

    ids: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    rows: NDArray[np.uint64] = field(default_factory=lambda: np.empty((0, len(WINDOWS)), np.uint64))

    def read_on(self) -> None:
        """Read the prints taken since the last time."""
        # Rows get their numbers before they are committed: one that came in late may lie below the last one read.
        since = int(self.ids.max()) - _LATE if len(self.ids) else 0
        known = set(self.ids[-_LATE:].tolist())
        rows = ImagePrint.objects.filter(pk__gt=since).order_by("pk").values_list("pk", "coarse")
        new = [row for row in rows if row[0] not in known]
        if new:
            self.ids = np.concatenate([self.ids, np.array([pk for pk, _ in new], np.int64)])
            fresh = np.stack([from_bytes(coarse) for _, coarse in new])
            self.rows = np.concatenate([self.rows, fresh])

    def nearest_to(self, evidence: Evidence) -> list[int]:
        """Earlier evidence that may show the same, the nearest first."""
        self.read_on()
        asked = from_bytes(evidence.image_print.coarse)
        found = [int(self.ids[row]) for row in nearest(asked, self.rows, _CANDIDATES + 1)]
        # A pair is compared once, when the later of the two is looked at.
        return [pk for pk in found if pk < evidence.pk]


def photos_like(evidence: Evidence) -> list[Evidence]:
    """Photos that may show the same as one, the nearest first."""
    if not hasattr(evidence, "image_print"):
        return []
    found = _TABLE.nearest_to(evidence)
    rows = {row.pk: row for row in Evidence.objects.filter(pk__in=found).select_related("file")}
    return [rows[pk] for pk in found if pk in rows]


def photos_to_compare() -> QuerySet[Claim]:
    """Claims handed in with photos that were not yet compared with all others."""
    waiting = Q(submitted_at__isnull=False, compared_at=None)
    return Claim.objects.filter(waiting, evidence__width__gt=0).distinct().order_by("pk")


_TABLE = PrintTable()


def forget_prints() -> None:
    """Start anew: for tests, whose databases are emptied."""
    _TABLE.__init__()  # type: ignore[misc]

"""The index of all prints, kept in this process and read on from where it stopped; candidates for a photo."""

from django.db.models import Q, QuerySet
from PIL import Image

from shixun.recognition.likeness.prints import PrintIndex, from_bytes, views_of
from shixun.recognition.models import Claim, Evidence, ImagePrint

_CANDIDATES, _LATE = 64, 1_000


class PrintTable:
    """The index by evidence. Rows are never changed, so what was read once stays right."""

    def __init__(self) -> None:
        self._index = PrintIndex()

    def read_on(self) -> None:
        """Read the prints taken since the last time."""
        # Rows get their numbers before they are committed: one that came in late may lie below the last one read.
        ids = self._index.ids
        since = int(ids.max()) - _LATE if len(ids) else 0
        known = set(ids[ids > since].tolist())
        rows = ImagePrint.objects.filter(pk__gt=since).order_by("pk").values_list("pk", "coarse")
        new = [(pk, from_bytes(coarse)) for pk, coarse in rows if pk not in known]
        self._index.add([pk for pk, _ in new], [found for _, found in new])

    def nearest_to(self, evidence: Evidence, picture: Image.Image) -> list[int]:
        """Earlier evidence that may show the same, the nearest first."""
        self.read_on()
        found = self._index.near(views_of(picture), _CANDIDATES + 1)
        # A pair is compared once, when the later of the two is looked at.
        return [pk for pk in found if pk < evidence.pk]


def photos_like(evidence: Evidence, picture: Image.Image) -> list[Evidence]:
    """Photos that may show the same as one, the nearest first."""
    found = _TABLE.nearest_to(evidence, picture)
    rows = {row.pk: row for row in Evidence.objects.filter(pk__in=found).select_related("file")}
    return [rows[pk] for pk in found if pk in rows]


def photos_to_compare() -> QuerySet[Claim]:
    """Claims handed in with photos that were not yet compared with all others."""
    waiting = Q(submitted_at__isnull=False, compared_at=None)
    return Claim.objects.filter(waiting, evidence__width__gt=0).distinct().order_by("pk")


def photos_without_print() -> QuerySet[Evidence]:
    """Photos that would not be found again, their files still there."""
    rows = Evidence.objects.filter(width__gt=0, image_print=None, unreadable_at=None, file__removed_at=None)
    return rows.select_related("file").order_by("pk")


_TABLE = PrintTable()


def forget_prints() -> None:
    """Start anew: for tests, whose databases are emptied."""
    _TABLE.__init__()  # type: ignore[misc]

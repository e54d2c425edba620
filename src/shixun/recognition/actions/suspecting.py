"""Looking for what a claim may repeat: the same number, file, event or day at once, the same photo by a job.

A suspicion is told to reviewers with its twin beside it; it refuses nothing.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from shixun.kernel.attachments import open_photo
from shixun.recognition.actions.prints import take_print
from shixun.recognition.choices import Ground
from shixun.recognition.likeness.events import Happening, days_overlap, in_two_cities, is_same_event
from shixun.recognition.likeness.pictures import likeness
from shixun.recognition.models import Claim, ClaimBatch, Evidence, Suspicion, TrainingRecord
from shixun.recognition.queries.prints import photos_like, photos_to_compare, photos_without_print

_MOST, _SLACK = 12, timedelta(days=3)
_BATCH = 200


def suspect(claim: Claim, *, at: datetime) -> int:
    """Look for twins of a claim that has just been handed in; photos are compared later. How many were found."""
    found = [*_same_number(claim, at), *_same_file(claim, at), *_same_days(claim, at), *_records(claim, at)]
    _store(found)
    return len(found)


def _store(found: list[Suspicion]) -> None:
    """Write what is new; the same pair on the same ground is there once."""
    Suspicion.objects.bulk_create(found, ignore_conflicts=True)


def _others(claim: Claim) -> QuerySet[Claim]:
    """What was handed in by whomever, but for the claim itself and the others of one activity declared for many.

    What somebody took back and declares anew is no twin, nor is a batch that was taken back and copied, which still has
    its files; what another person took back, or what was refused, is one.
    """
    rows = Claim.objects.filter(submitted_at__isnull=False).exclude(pk=claim.pk)
    rows = rows.exclude(person=claim.person_id, case__state="withdrawn")
    if claim.batch_id is None:
        return rows
    copied = ClaimBatch.objects.filter(evidence__in=claim.evidence.all()).values("pk")
    return rows.exclude(batch=claim.batch_id).exclude(batch__in=copied, case__state="withdrawn")


def _made(claim: Claim, other: Claim, ground: Ground, score: int, detail: str, at: datetime) -> Suspicion:
    return Suspicion(claim=claim, other=other, ground=ground, score=score, detail=detail[:200], found_at=at)


def _same_number(claim: Claim, at: datetime) -> list[Suspicion]:
    if not claim.number_key:
        return []
    twins = _others(claim).filter(number_key=claim.number_key)[:_MOST]
    return [_made(claim, twin, Ground.NUMBER, 100, f"编号“{twin.number}”", at) for twin in twins]


def _same_file(claim: Claim, at: datetime) -> list[Suspicion]:
    digests = list(claim.evidence.values_list("received", flat=True))
    if not digests:
        return []
    twins = _others(claim).filter(evidence__received__in=digests).distinct()[:_MOST]
    return [_made(claim, twin, Ground.FILE, 100, "文件内容完全相同", at) for twin in twins]


def _same_days(claim: Claim, at: datetime) -> list[Suspicion]:
    """Other claims of the same person whose days touch: the same event, the same hours, two places."""
    mine = happening_of(claim)
    if mine is None:
        return []
    near = Q(ends_on__gte=mine.starts_on - _SLACK) & (
        Q(starts_on__lte=mine.ends_on + _SLACK) | Q(starts_on=None, ends_on__lte=mine.ends_on + _SLACK)
    )
    found = []
    for other in _others(claim).filter(near, person=claim.person)[:100]:
        theirs = happening_of(other)
        if theirs is None:
            continue
        alike = is_same_event(mine, theirs)
        if alike:
            found.append(_made(claim, other, Ground.EVENT, alike, f"另一写法：“{other.title}”", at))
        if days_overlap(mine, theirs):
            found.append(_made(claim, other, Ground.DAY, 90, f"{theirs.starts_on} 至 {theirs.ends_on}", at))
        if in_two_cities(mine, theirs):
            found.append(_made(claim, other, Ground.CITIES, 90, f"一处在{claim.place}，一处在{other.place}", at))
    return found


def _records(claim: Claim, at: datetime) -> list[Suspicion]:
    """Reported trainings of the same person under another spelling."""
    mine = happening_of(claim)
    if mine is None or claim.project_id is not None:
        return []
    found = []
    for record in TrainingRecord.objects.filter(person=claim.person, year=mine.ends_on.year)[:100]:
        last = record.ends_on or mine.ends_on
        alike = is_same_event(mine, Happening(record.name, record.starts_on or last, last, record.hours))
        if alike:
            row = Suspicion(claim=claim, record=record, ground=Ground.RECORD, score=alike, found_at=at)
            row.detail = f"培训记录“{record.name}”{record.get_state_display()}"[:200]
            found.append(row)
    return found


def happening_of(claim: Claim) -> Happening | None:
    """What a claim says of days, hours and place; None while its days are not known."""
    if claim.ends_on is None:
        return None
    return Happening(claim.title, claim.starts_on or claim.ends_on, claim.ends_on, claim.hours, claim.place)


def compare_photos(at: datetime, most: int = _BATCH) -> int:
    """Compare the photos of claims that were handed in and not yet compared; how many claims were done."""
    late = list(photos_without_print()[:most])
    for evidence in late:
        _take_late(evidence, at)
    if len(late) == most:
        # Claims wait until every older photo can be found.
        return 0
    claims = list(photos_to_compare()[:most])
    for claim in claims:
        with transaction.atomic():
            _store(list(_same_photo(claim, at)))
            Claim.objects.filter(pk=claim.pk).update(compared_at=at)
    return len(claims)


def _take_late(evidence: Evidence, at: datetime) -> None:
    try:
        take_print(evidence)
    except OSError:
        _leave(evidence, at)


def _leave(evidence: Evidence, at: datetime) -> None:
    """A photo that cannot be read is not tried again, and stops no other."""
    Evidence.objects.filter(pk=evidence.pk).update(unreadable_at=at)


def _same_photo(claim: Claim, at: datetime) -> Iterable[Suspicion]:
    for evidence in claim.evidence.filter(width__gt=0).select_related("file"):
        for twin, score in _alike(evidence, at):
            for other in _others(claim).filter(evidence=twin).exclude(evidence=evidence)[:_MOST]:
                detail = f"照片“{evidence.file.name}”与“{twin.file.name}”"
                yield _made(claim, other, Ground.PHOTO, score, detail, at)


def _alike(evidence: Evidence, at: datetime) -> Iterable[tuple[Evidence, int]]:
    try:
        mine = open_photo(evidence.file)
    except OSError:
        _leave(evidence, at)
        return
    for other in photos_like(evidence, mine):
        try:
            found = likeness(mine, open_photo(other.file))
        except OSError:
            # The content of an old file may be gone; its print is still known.
            continue
        if found.is_same:
            yield other, found.score

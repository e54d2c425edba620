"""Background work of the room: comparing the photos of new claims with all others."""

from django_tasks import task

from shixun.kernel import clock
from shixun.recognition.actions.suspecting import compare_photos
from shixun.recognition.queries.prints import photos_to_compare


@task()
def compare_new_photos() -> int:
    """Compare what came in; called for again until nothing waits."""
    return compare_photos(clock.now())


def are_photos_waiting() -> bool:
    """Is there a claim whose photos were not yet compared?"""
    return photos_to_compare().exists()

"""Taking the print of a photo when it comes in, so that it is found again wherever it turns up."""

from shixun.kernel.attachments import open_photo
from shixun.recognition.likeness.prints import print_of, to_bytes
from shixun.recognition.models import Evidence, ImagePrint


def take_print(evidence: Evidence) -> None:
    """Keep the print of a photo; a PDF has none."""
    if evidence.is_photo:
        ImagePrint.objects.create(evidence=evidence, coarse=to_bytes(print_of(open_photo(evidence.file))))

"""Evidence (佐证材料): a photo or PDF kept privately, and what is kept of a photo to find it again."""

import uuid

from django.conf import settings
from django.db import models

from shixun.kernel.models import StoredFile


class Evidence(models.Model):
    """One file somebody sent as evidence. ``received`` is the digest of the bytes as they came in."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    file = models.OneToOneField(StoredFile, models.PROTECT, related_name="evidence")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    received = models.CharField(max_length=64)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField("上传时间")
    unreadable_at = models.DateTimeField("读不出的时间", null=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "佐证材料"
        indexes = [models.Index(fields=["received"], name="recognition_evidence_digest")]

    def __str__(self) -> str:
        return self.file.name

    @property
    def is_photo(self) -> bool:
        return self.width > 0


class ImagePrint(models.Model):
    """What a photo looks like, as hashes of its windows (``likeness.pictures``), to find it among all others."""

    evidence = models.OneToOneField(Evidence, models.PROTECT, related_name="image_print", primary_key=True)
    coarse = models.BinaryField()

    class Meta:
        verbose_name = verbose_name_plural = "图像指纹"

    def __str__(self) -> str:
        return f"{self.evidence_id}"

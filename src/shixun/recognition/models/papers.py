"""Papers as they were issued, their proof, and the revocation of one; all written once."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from shixun.kernel.models import AppendOnly, TreeHead
from shixun.people.models import Organisation, Person
from shixun.recognition.certificates.choices import PaperKind


class Paper(AppendOnly):
    """A paper: whom it is about, who issued it, and everything printed on it.

    ``mark`` is the newest entry of the ledger it has read, ``reversals`` how many of the entries it may rest on had
    been taken back by then: when there are more, it has been overtaken. A paper is about a person or a school.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField("编号", max_length=20, unique=True)
    kind = models.CharField("种类", max_length=16, choices=PaperKind.choices)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="papers", verbose_name="教师")
    school = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+", verbose_name="学校")
    since = models.DateField("自")
    until = models.DateField("至")
    content = models.JSONField()
    digest = models.CharField("摘要", max_length=64)
    mark = models.BigIntegerField()
    reversals = models.PositiveIntegerField()
    issuer = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="签发单位")
    issued_at = models.DateTimeField("签发时间")
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    valid_until = models.DateField("有效期至", null=True)
    supersedes = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "证明"
        base_manager_name = "objects"
        ordering = ["-issued_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, school__isnull=True) | Q(person__isnull=True, school__isnull=False),
                name="recognition_paper_of_one",
            ),
        ]
        indexes = [
            models.Index(fields=["person", "kind", "issued_at"], name="recognition_paper_person"),
            models.Index(fields=["school", "issued_at"], name="recognition_paper_school"),
            models.Index(fields=["digest"], name="recognition_paper_digest"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"


class PaperProof(AppendOnly):
    """Where a paper stands in its log, under which head; ``code`` is the text of its QR, ``sha256`` of its PDF."""

    paper = models.OneToOneField(Paper, models.PROTECT, related_name="proof")
    leaf = models.BigIntegerField()
    head = models.ForeignKey(TreeHead, models.PROTECT, related_name="+")
    code = models.TextField()
    sha256 = models.CharField(max_length=64, unique=True)

    class Meta:
        base_manager_name = "objects"

    def __str__(self) -> str:
        return f"{self.paper_id} {self.leaf}"


class PaperRevocation(AppendOnly):
    """A paper is declared void (作废): by whom, when, why."""

    paper = models.OneToOneField(Paper, models.PROTECT, related_name="revocation")
    at = models.DateTimeField("作废时间")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    reason = models.CharField("作废原因", max_length=200)

    class Meta:
        base_manager_name = "objects"

    def __str__(self) -> str:
        return self.reason

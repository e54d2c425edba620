"""An import on its way: its file, how its columns are understood, what was found, what it would change."""

import uuid

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import TextChoices

from shixun.kernel.fields import PathField
from shixun.kernel.jobs.models import Job


class Level(TextChoices):
    """How bad a finding is: an error keeps its row out, a repair waits for consent, a note only tells."""

    ERROR = "error", "错误"
    REPAIR = "repair", "建议修正"
    NOTE = "note", "说明"


class What(TextChoices):
    """What an import would do with one thing."""

    NEW = "new", "新增"
    CHANGED = "changed", "修改"
    MOVED = "moved", "调入"
    LEFT = "left", "离开"


class Stage(TextChoices):
    """How far an import has come."""

    MAPPING = "mapping", "待对应列"
    CHECKING = "checking", "待核对"
    CHECKED = "checked", "待确认"
    WRITING = "writing", "写入未完"
    APPLIED = "applied", "已导入"
    DISCARDED = "discarded", "已放弃"


class Import(models.Model):
    """One file on its way into the database. ``acting_grant`` is the role by which a job acts for its starter.

    ``plan`` has the digest of each chunk of changes as previewed. A kind written in steps commits chunk by chunk:
    ``chunks_written`` says how many, and ``result`` grows with them until the stage says that all are in.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=40)
    file = models.ForeignKey("kernel.StoredFile", models.PROTECT, related_name="+")
    started_by = models.UUIDField(null=True)
    started_by_label = models.CharField("导入人", max_length=120)
    acting_role = models.CharField(max_length=40)
    acting_path = PathField(max_length=80, blank=True)
    acting_grant = models.UUIDField(null=True)
    options = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    sheets = models.JSONField(default=list)
    sheet = models.PositiveSmallIntegerField(default=0)
    heading_row = models.PositiveIntegerField(default=0)
    headings = models.JSONField(default=list)
    mapping = models.JSONField(default=dict)
    agreed = models.JSONField(default=list)
    set_aside = models.BooleanField(default=False)
    counts = models.JSONField(default=dict)
    plan_digest = models.CharField(max_length=64, blank=True)
    plan = models.JSONField(default=list)
    chunks_written = models.PositiveIntegerField(default=0)
    result = models.JSONField(default=dict)
    stage = models.CharField("状态", max_length=12, choices=Stage.choices, default=Stage.MAPPING)
    created_at = models.DateTimeField("上传时间")
    checked_at = models.DateTimeField(null=True)
    applied_at = models.DateTimeField("导入时间", null=True)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["acting_path", "created_at"], name="kernel_import_place"),
            models.Index(fields=["started_by", "created_at"], name="kernel_import_starter"),
            models.Index(fields=["kind", "stage"], name="kernel_import_stage"),
        ]

    def __str__(self) -> str:
        return f"{self.file} {self.get_stage_display()}"

    @property
    def is_open(self) -> bool:
        """Can it still be worked on?"""
        return self.stage not in (Stage.APPLIED, Stage.DISCARDED)

    @property
    def is_half_written(self) -> bool:
        """Is a part of it in the database already, and the rest not?"""
        return self.is_open and bool(self.result)


class Finding(models.Model):
    """A doubtful cell or row; ``value`` of a private column is masked. ``right`` says what would be right."""

    source = models.ForeignKey(Import, models.CASCADE, related_name="findings")
    level = models.CharField(max_length=8, choices=Level.choices)
    code = models.CharField(max_length=40)
    title = models.CharField(max_length=80)
    row = models.PositiveIntegerField("行")
    column = models.CharField("列", max_length=4, blank=True)
    heading = models.CharField("列名", max_length=60, blank=True)
    value = models.CharField("现值", max_length=200, blank=True)
    says = models.CharField("问题", max_length=300)
    right = models.CharField("应为", max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["source", "level", "code", "row"], name="kernel_finding_group")]

    def __str__(self) -> str:
        return f"{self.column}{self.row} {self.says}"


class Difference(models.Model):
    """What the import would do with one thing: fields as triples of name, before and after."""

    source = models.ForeignKey(Import, models.CASCADE, related_name="differences")
    row = models.PositiveIntegerField("行", null=True)
    what = models.CharField("变化", max_length=8, choices=What.choices)
    label = models.CharField("对象", max_length=120)
    fields = models.JSONField(default=list)
    is_set_aside = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["source", "is_set_aside", "what", "id"], name="kernel_difference_group")]

    def __str__(self) -> str:
        return f"{self.get_what_display()} {self.label}"


class HeadingMapping(models.Model):
    """How an organisation's heading was once understood; proposed again when it comes back."""

    kind = models.CharField(max_length=40)
    acting_path = PathField(max_length=80)
    heading = models.CharField(max_length=120)
    field = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "acting_path", "heading"], name="kernel_mapping_one_of_a_heading")
        ]

    def __str__(self) -> str:
        return f"{self.heading} → {self.field}"

"""Training records, the projects whose results are reported here, and how a project of the national format is read."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from shixun.kernel.models import AppendOnly
from shixun.ledger.choices import AccountKind
from shixun.people.models import Organisation, Person
from shixun.recognition.choices import CategoryCode, CreationMode, Dated, Grade, ModeCode, RecordKind, RecordState


class Placing(models.Model):
    """Where the credits of a project stand: words of the policy, and the account they go to."""

    level = models.CharField("层级", max_length=32)
    category = models.CharField("类别", max_length=32)
    form = models.CharField("形式", max_length=16)
    tags = models.CharField("标记", max_length=200, blank=True)
    account = models.CharField("账户", max_length=24, choices=AccountKind.choices, default=AccountKind.TEACHER)

    class Meta:
        abstract = True


class ProjectClassification(AppendOnly, Placing):
    """How an area reads a project of the national format, by name and category code; the highest version holds.

    ``spelled`` is the name as it is compared. ``hours_per_credit`` (hundredths) is the area's own rate, only where
    the policy leaves conversion to it (CL-05).
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="归类的地区")
    code = models.CharField("培训类别", max_length=2, choices=CategoryCode.choices)
    name = models.CharField("项目名称", max_length=100)
    spelled = models.CharField(max_length=100)
    version = models.PositiveIntegerField("版本")
    dated = models.CharField("取得日期", max_length=12, choices=Dated.choices, default=Dated.ENDED)
    hours_per_credit = models.PositiveIntegerField("每学分学时", null=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField("归类时间")

    class Meta:
        verbose_name = verbose_name_plural = "项目归类"
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "spelled", "code", "version"], name="recognition_classification_version"
            )
        ]
        indexes = [models.Index(fields=["spelled", "code"], name="recognition_classified_name")]

    def __str__(self) -> str:
        return f"{self.name} 第 {self.version} 版"


class ReportedProject(Placing):
    """A project whose results an office sends in: what a pass and an excellent result are worth, in hours × 100."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="登记的地区")
    name = models.CharField("项目名称", max_length=100)
    organiser = models.CharField("承办单位", max_length=100)
    hours_excellent = models.PositiveIntegerField("优秀学时")
    hours_pass = models.PositiveIntegerField("合格学时")
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("结束日期")
    mode = models.CharField("学分生成方式", max_length=10, choices=CreationMode.choices, default=CreationMode.AUTOMATIC)
    released_at = models.DateTimeField("统一登记时间", null=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = verbose_name_plural = "报送项目"
        constraints = [
            models.UniqueConstraint(fields=["organisation", "name", "starts_on"], name="recognition_project_once"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="recognition_project_days"),
        ]

    def __str__(self) -> str:
        return self.name


class TrainingRecord(models.Model):
    """One person's training as last reported. ``key`` says which training it is, so that a file sent twice finds it.

    ``hours`` and ``credits`` are hundredths, ``credits`` empty where the file had hours only. ``postings`` counts how
    often it was entered; while posted, the entry under ``posting_key`` stands and those before are reversed.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=10, choices=RecordKind.choices)
    person = models.ForeignKey(Person, models.PROTECT, related_name="training_records", verbose_name="教师")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="单位")
    project = models.ForeignKey(
        ReportedProject, models.PROTECT, null=True, related_name="records", verbose_name="报送项目"
    )
    year = models.PositiveSmallIntegerField("培训年度")
    code = models.CharField("培训类别", max_length=2, choices=CategoryCode.choices, blank=True)
    name = models.CharField("培训项目名称", max_length=100)
    spelled = models.CharField(max_length=100)
    institution = models.CharField("培训机构名称", max_length=100, blank=True)
    mode = models.CharField("培训方式", max_length=1, choices=ModeCode.choices, blank=True)
    grade = models.CharField("成绩", max_length=10, choices=Grade.choices, blank=True)
    hours = models.PositiveIntegerField("学时")
    credits = models.PositiveIntegerField("文件中的学分", null=True)
    starts_on = models.DateField("开始日期", null=True)
    ends_on = models.DateField("结束日期", null=True)
    reported_on = models.DateField("报送日期")
    state = models.CharField("状态", max_length=8, choices=RecordState.choices, default=RecordState.WAITING)
    postings = models.PositiveSmallIntegerField(default=0)
    source = models.UUIDField("导入")

    class Meta:
        verbose_name = verbose_name_plural = "培训记录"
        indexes = [
            models.Index(fields=["organisation", "state"], name="recognition_record_place"),
            models.Index(fields=["spelled", "code", "state"], name="recognition_record_project"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.year}"

    @property
    def posting_key(self) -> str:
        """The idempotency key of the last posting."""
        return f"record:{self.uuid}:{self.postings}"

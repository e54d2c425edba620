"""Reviews of many: a sampled round at one level, and the yearly review of a district with its word to each school."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from shixun.approvals.models import Case
from shixun.people.models import Organisation, Person
from shixun.recognition.choices import RoundState, Verdict
from shixun.recognition.models.claims import Claim

_USER = settings.AUTH_USER_MODEL


class SamplingRound(models.Model):
    """One batch with a sample looked at in full (抽查审核), at the area or school of ``organisation``.

    ``seed`` with the list that ``digest`` names is enough for anyone to recompute which were drawn; ``commitment`` is
    the seed's own digest, as the trail keeps it. A faulty round stays open until all of it has been looked at. How many
    had left the level without being looked at is kept when it closes, for then every claim moves on.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="审核单位")
    level = models.CharField("审核级", max_length=20)
    title = models.CharField("范围", max_length=120)
    share = models.PositiveSmallIntegerField("抽查比例")
    seed = models.CharField(max_length=64)
    commitment = models.CharField("承诺值", max_length=64)
    digest = models.CharField("名单摘要", max_length=64)
    number = models.PositiveIntegerField("总数")
    drawn = models.PositiveIntegerField("抽中")
    state = models.CharField("状态", max_length=10, choices=RoundState.choices, default=RoundState.OPEN)
    opened_by = models.ForeignKey(_USER, models.PROTECT, null=True, related_name="+", verbose_name="发起人")
    opened_at = models.DateTimeField("发起时间")
    closed_at = models.DateTimeField("结束时间", null=True)
    gone = models.PositiveIntegerField("核查前离开本级", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "抽查审核"
        constraints = [
            models.CheckConstraint(
                condition=Q(drawn__lte=F("number"), share__gte=1, share__lte=100), name="recognition_round_figures"
            )
        ]
        indexes = [models.Index(fields=["organisation", "opened_at"], name="recognition_round_place")]

    def __str__(self) -> str:
        return self.title


class SamplingItem(models.Model):
    """One claim of a round in drawn order; those up to ``drawn`` are looked at in full."""

    round = models.ForeignKey(SamplingRound, models.PROTECT, related_name="items")
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="sampled")
    position = models.PositiveIntegerField("次序")
    version = models.PositiveIntegerField()
    is_drawn = models.BooleanField("抽中")
    verdict = models.CharField("核查结果", max_length=8, choices=Verdict.choices, blank=True)
    note = models.CharField("说明", max_length=200, blank=True)
    seen_by = models.ForeignKey(_USER, models.PROTECT, null=True, related_name="+")
    seen_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = "抽查对象"
        constraints = [
            models.UniqueConstraint(fields=["round", "claim"], name="recognition_item_once"),
            models.UniqueConstraint(fields=["round", "position"], name="recognition_item_position"),
        ]

    def __str__(self) -> str:
        return f"{self.round} {self.position}"


class YearReview(models.Model):
    """A district's review of one school year's credits (年度审核, RW-03), whose result goes to city and schools.

    ``year`` is the one the school year begins in.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="区县")
    year = models.PositiveSmallIntegerField("年度")
    state = models.CharField("状态", max_length=10, choices=RoundState.choices, default=RoundState.OPEN)
    remark = models.CharField("总评", max_length=400, blank=True)
    opened_by = models.ForeignKey(_USER, models.PROTECT, null=True, related_name="+", verbose_name="发起人")
    opened_at = models.DateTimeField("发起时间")
    closed_at = models.DateTimeField("完成时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "年度审核"
        constraints = [models.UniqueConstraint(fields=["organisation", "year"], name="recognition_year_once")]

    def __str__(self) -> str:
        return f"{self.organisation} {self.year}学年年度审核"


class SchoolFeedback(models.Model):
    """One school's part of a yearly review: checked and signed by the school, then what the review says to it.

    ``figures`` are those of the day it was confirmed; ``read_by`` says that the school has taken note of the result.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    review = models.ForeignKey(YearReview, models.PROTECT, related_name="feedback")
    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="学校")
    case = models.OneToOneField(Case, models.PROTECT, null=True, related_name="school_feedback")
    figures = models.JSONField(default=dict)
    verdict = models.CharField("结论", max_length=8, choices=Verdict.choices, blank=True)
    remark = models.CharField("反馈意见", max_length=400, blank=True)
    read_by = models.ForeignKey(_USER, models.PROTECT, null=True, related_name="+", verbose_name="查收人")
    read_at = models.DateTimeField("查收时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "审核反馈"
        constraints = [models.UniqueConstraint(fields=["review", "school"], name="recognition_feedback_once")]

    def __str__(self) -> str:
        return f"{self.review} {self.school}"


class Objection(models.Model):
    """What a teacher says against her year's credits in a yearly review (异议), and the answer she got."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    feedback = models.ForeignKey(SchoolFeedback, models.PROTECT, related_name="objections", verbose_name="年度核对")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="教师")
    text = models.CharField("异议", max_length=400)
    created_at = models.DateTimeField("提出时间")
    answer = models.CharField("答复", max_length=400, blank=True)
    answered_by = models.ForeignKey(_USER, models.PROTECT, null=True, related_name="+", verbose_name="答复人")
    answered_at = models.DateTimeField("答复时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "异议"
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="recognition_objection_worded"),
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None) | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="recognition_objection_answered",
            ),
            models.UniqueConstraint(
                fields=["feedback", "person"], condition=Q(answered_at=None), name="recognition_objection_one_open"
            ),
        ]
        indexes = [models.Index(fields=["feedback", "answered_at"], name="recognition_objection_open")]

    def __str__(self) -> str:
        return f"{self.person} {self.feedback}"

"""Claims (申报): what somebody declares, what it is worth, how a reviewer adjusts it, and what is asked back."""

import uuid

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q

from shixun.approvals.models import Case
from shixun.kernel.models import AppendOnly
from shixun.ledger.choices import AccountKind
from shixun.people.models import Organisation, Person
from shixun.recognition.choices import ReversalGround, SettlementState
from shixun.recognition.models.evidence import Evidence
from shixun.recognition.models.records import ReportedProject
from shixun.recognition.models.registers import Organiser, OutsideProgramme
from shixun.terms.models import Window

_USER = settings.AUTH_USER_MODEL


class ClaimBatch(models.Model):
    """One activity declared for a list of teachers: each has a claim of her own, all share the evidence."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="申报单位")
    kind = models.CharField("申报种类", max_length=40)
    title = models.CharField("内容", max_length=200)
    values = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    declared_by = models.ForeignKey(_USER, models.PROTECT, null=True, related_name="+", verbose_name="申报人")
    declared_as = models.CharField(max_length=40)
    evidence = models.ManyToManyField(Evidence, related_name="batches")
    created_at = models.DateTimeField("建立时间")
    submitted_at = models.DateTimeField("提交时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "批量申报"
        indexes = [models.Index(fields=["organisation", "created_at"], name="recognition_batch_place")]

    def __str__(self) -> str:
        return self.title


class Claim(models.Model):
    """One thing one person declares. ``values`` are the fields of the form as typed; the columns are what they mean.

    Amounts are hundredths: ``credits`` what it is worth now, ``uncapped`` without caps, ``hours`` as declared or
    adjusted. Until it is submitted it has no ``case``; while ``posted_at`` is set and ``reversed_at`` is not, the entry
    under ``posting_key`` stands. ``window`` is the one it was handed in through, where its area opens any; the database
    refuses a ``submitted_at`` outside of it.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="claims", verbose_name="教师")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="单位")
    kind = models.CharField("申报种类", max_length=40)
    policy_id = models.CharField("政策", max_length=40)
    policy_digest = models.CharField(max_length=64, blank=True)
    values = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    title = models.CharField("内容", max_length=200, blank=True)
    spelled = models.CharField(max_length=200, blank=True)
    organiser = models.ForeignKey(Organiser, models.PROTECT, null=True, related_name="+", verbose_name="主办单位")
    programme = models.ForeignKey(OutsideProgramme, models.PROTECT, null=True, related_name="+", verbose_name="项目")
    project = models.ForeignKey(ReportedProject, models.PROTECT, null=True, related_name="+", verbose_name="报送项目")
    host = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+", verbose_name="学习所在区县")
    number = models.CharField("证书编号", max_length=80, blank=True)
    number_key = models.CharField(max_length=80, blank=True)
    place = models.CharField("地点", max_length=80, blank=True)
    starts_on = models.DateField("开始日期", null=True)
    ends_on = models.DateField("结束日期", null=True)
    returns_on = models.DateField("归还期限", null=True)
    hours = models.PositiveIntegerField("学时", default=0)
    days = models.PositiveIntegerField("天数", default=0)
    credits = models.PositiveIntegerField("学分", default=0)
    uncapped = models.PositiveIntegerField(default=0)
    level = models.CharField("层级", max_length=32, blank=True)
    category = models.CharField("类别", max_length=32, blank=True)
    form = models.CharField("形式", max_length=16, blank=True)
    tags = models.CharField("标记", max_length=200, blank=True)
    account = models.CharField("账户", max_length=24, choices=AccountKind.choices, default=AccountKind.TEACHER)
    evidence = models.ManyToManyField(Evidence, related_name="claims")
    batch = models.ForeignKey(ClaimBatch, models.PROTECT, null=True, related_name="claims", verbose_name="批量申报")
    case = models.OneToOneField(Case, models.PROTECT, null=True, related_name="claim")
    window = models.ForeignKey(Window, models.PROTECT, null=True, related_name="+", verbose_name="开放时间")
    declared_by = models.ForeignKey(_USER, models.PROTECT, null=True, related_name="+", verbose_name="申报人")
    declared_as = models.CharField(max_length=40)
    created_at = models.DateTimeField("建立时间")
    saved_at = models.DateTimeField("保存时间")
    submitted_at = models.DateTimeField("提交时间", null=True)
    posted_at = models.DateTimeField("登记时间", null=True)
    reversed_at = models.DateTimeField("更正时间", null=True)
    compared_at = models.DateTimeField("比对时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "学分申报"
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True) | Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="recognition_claim_days_ordered",
            ),
            models.UniqueConstraint(fields=["batch", "person"], name="recognition_claim_once_in_batch"),
            models.CheckConstraint(
                condition=Q(posted_at__isnull=True) | Q(submitted_at__isnull=False),
                name="recognition_claim_posted_last",
            ),
            models.CheckConstraint(
                condition=Q(reversed_at__isnull=True) | Q(posted_at__isnull=False),
                name="recognition_claim_reversed_last",
            ),
        ]
        indexes = [
            models.Index(fields=["person", "kind", "ends_on"], name="recognition_claim_person"),
            models.Index(fields=["organisation", "submitted_at"], name="recognition_claim_place"),
            models.Index(fields=["number_key"], name="recognition_claim_number"),
            models.Index(fields=["person", "starts_on", "ends_on"], name="recognition_claim_days"),
            models.Index(fields=["project"], name="recognition_claim_project"),
            models.Index(fields=["posted_at"], name="recognition_claim_posted"),
            models.Index(
                fields=["submitted_at"],
                condition=Q(submitted_at__isnull=False, compared_at=None),
                name="recognition_claim_compare",
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.kind

    @property
    def posting_key(self) -> str:
        """The idempotency key of its one posting."""
        return f"claim:{self.uuid}"

    @property
    def reversal_key(self) -> str:
        """The idempotency key of its one reversal."""
        return f"claim:{self.uuid}:back"


class Adjustment(AppendOnly):
    """A reviewer's own figures for a claim (核定), with a memo of her level; the latest one counts."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="adjustments")
    level = models.CharField("审核级", max_length=20)
    hours_before = models.PositiveIntegerField("原学时")
    hours = models.PositiveIntegerField("核定学时")
    credits_before = models.PositiveIntegerField("原学分")
    credits = models.PositiveIntegerField("核定学分")
    memo = models.CharField("意见", max_length=400)
    user = models.ForeignKey(_USER, models.PROTECT, null=True, related_name="+", verbose_name="核定人")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+", verbose_name="单位")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "核定"
        base_manager_name = "objects"
        constraints = [models.CheckConstraint(condition=~Q(memo=""), name="recognition_adjustment_reasoned")]

    def __str__(self) -> str:
        return f"{self.claim} {self.level}"


class ReversalRequest(models.Model):
    """The wish to take posted credits back (更正申请), or to pay a loan back; decided in a chain of its own."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="reversal_requests")
    ground = models.CharField("事由", max_length=12, choices=ReversalGround.choices)
    reason = models.CharField("理由", max_length=400)
    case = models.OneToOneField(Case, models.PROTECT, null=True, related_name="reversal_request")
    requested_by = models.ForeignKey(_USER, models.PROTECT, null=True, related_name="+", verbose_name="提出人")
    created_at = models.DateTimeField("提出时间")

    class Meta:
        verbose_name = verbose_name_plural = "更正申请"
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="recognition_reversal_reasoned")]

    def __str__(self) -> str:
        return f"{self.claim} {self.get_ground_display()}"


class Settlement(models.Model):
    """Credits earned in one district and recognised in another (CL-14): both know, the city settles by period.

    ``home`` accepts what ``host`` has provided; either may query it, and somebody else answers. What is taken back
    after it was settled is settled once more the other way round: ``corrects``, its hours and credits below zero.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="settlements")
    corrects = models.OneToOneField("self", models.PROTECT, null=True, related_name="correction", verbose_name="抵扣")
    home = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="所属区县")
    host = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="学习所在区县")
    hours = models.IntegerField("学时")
    credits = models.IntegerField("学分")
    recognised_on = models.DateField("认定日期")
    state = models.CharField("状态", max_length=10, choices=SettlementState.choices, default=SettlementState.OPEN)
    accepted_at = models.DateTimeField("确认时间", null=True)
    accepted_by = models.ForeignKey(_USER, models.PROTECT, null=True, related_name="+", verbose_name="确认人")
    query = models.CharField("疑问", max_length=400, blank=True)
    queried_at = models.DateTimeField("提出疑问时间", null=True)
    queried_by = models.ForeignKey(_USER, models.PROTECT, null=True, related_name="+", verbose_name="提出人")
    answer = models.CharField("答复", max_length=400, blank=True)
    answered_at = models.DateTimeField("答复时间", null=True)
    answered_by = models.ForeignKey(_USER, models.PROTECT, null=True, related_name="+", verbose_name="答复人")
    settled_at = models.DateTimeField("结算时间", null=True)
    settled_by = models.ForeignKey(_USER, models.PROTECT, null=True, related_name="+", verbose_name="结算人")

    class Meta:
        verbose_name = verbose_name_plural = "跨区结算"
        constraints = [
            models.CheckConstraint(condition=~Q(home=F("host")), name="recognition_settlement_between_two"),
            models.CheckConstraint(
                condition=Q(corrects=None, hours__gte=0, credits__gte=0)
                | Q(corrects__isnull=False, hours__lte=0, credits__lte=0),
                name="recognition_settlement_sign",
            ),
            models.UniqueConstraint(
                fields=["claim"], condition=Q(corrects=None), name="recognition_settlement_once_a_claim"
            ),
        ]
        indexes = [
            models.Index(fields=["home", "recognised_on"], name="recognition_settlement_home"),
            models.Index(fields=["host", "recognised_on"], name="recognition_settlement_host"),
            models.Index(fields=["state", "recognised_on"], name="recognition_settlement_state"),
        ]

    def __str__(self) -> str:
        return f"{self.home} {self.host}"

    @property
    def shown_title(self) -> str:
        """What was learnt; a deduction says so."""
        return f"抵扣：{self.claim.title}" if self.corrects_id else self.claim.title

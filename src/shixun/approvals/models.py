"""A case on its way through a declared flow, what it said when, each step of the way, and the levels of a region."""

import uuid
from datetime import date

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.timezone import localtime

from shixun.approvals.choices import StepKind
from shixun.approvals.flows import Flow, State, flow_of
from shixun.kernel.models import AppendOnly
from shixun.people.choices import BODIES, OrganisationKind
from shixun.people.models import Organisation, Person

_USER = settings.AUTH_USER_MODEL
BODY_KINDS = [(kind.value, kind.label) for kind in OrganisationKind if kind in BODIES]


class Case(models.Model):
    """One thing under review (事项): what it is about, where it is now, who has it, until when.

    ``place`` is the body (or area) that acts now, ``escalated_place`` the one that may act too since the deadline
    passed. ``version`` grows with every move, so that a second decision on what somebody saw is noticed. A level that
    takes no part leaves its own step and never becomes the state.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    flow = models.CharField("种类", max_length=60)
    key = models.CharField(max_length=120, null=True, unique=True)  # noqa: DJ001 - no key is no conflict
    subject_kind = models.CharField(max_length=60)
    subject_uuid = models.UUIDField()
    title = models.CharField("事项", max_length=200)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="cases", verbose_name="单位")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="cases", verbose_name="涉及人员")
    opened_by = models.ForeignKey(_USER, models.PROTECT, null=True, related_name="+", verbose_name="发起人")
    opened_at = models.DateTimeField("发起时间")
    state = models.CharField("状态", max_length=40)
    state_since = models.DateTimeField("到达时间")
    level = models.CharField("审核级", max_length=20, blank=True)
    place = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+", verbose_name="办理单位")
    due_at = models.DateTimeField("期限", null=True)
    remind_at = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField("逾期上报时间", null=True)
    escalated_level = models.CharField(max_length=20, blank=True)
    escalated_place = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField("办结时间", null=True)
    version = models.PositiveIntegerField(default=1)
    content = models.JSONField("内容", default=dict, encoder=DjangoJSONEncoder)

    class Meta:
        verbose_name = verbose_name_plural = "审核事项"
        constraints = [
            models.CheckConstraint(
                condition=Q(level="") | Q(place__isnull=False) | Q(closed_at__isnull=False),
                name="approvals_case_lies_somewhere",
            ),
        ]
        indexes = [
            models.Index(fields=["place", "level", "due_at"], name="approvals_case_place"),
            models.Index(fields=["escalated_place", "due_at"], name="approvals_case_escalated"),
            models.Index(fields=["organisation", "flow", "opened_at"], name="approvals_case_organisation"),
            models.Index(fields=["person", "opened_at"], name="approvals_case_person"),
            models.Index(fields=["opened_by", "opened_at"], name="approvals_case_opener"),
            models.Index(fields=["subject_uuid", "subject_kind"], name="approvals_case_subject"),
            models.Index(fields=["due_at"], condition=Q(closed_at=None, escalated_at=None), name="approvals_case_due"),
            models.Index(fields=["remind_at"], condition=Q(closed_at=None), name="approvals_case_remind"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def declared(self) -> Flow:
        """The flow this case goes through."""
        return flow_of(self.flow)

    @property
    def declared_state(self) -> State:
        """The present state with its name and tone."""
        return self.declared.state(self.state)

    @property
    def due_on(self) -> date | None:
        """The last day, in the time of the region."""
        return localtime(self.due_at).date() if self.due_at else None


class Revision(AppendOnly):
    """What a case said at one time; the newest is the case's content, the others stay (修订)."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField("稿次")
    content = models.JSONField("内容", encoder=DjangoJSONEncoder)
    user = models.ForeignKey(_USER, models.PROTECT, null=True, related_name="+", verbose_name="修改人")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "修订"
        base_manager_name = "objects"
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="approvals_revision_numbered")]

    def __str__(self) -> str:
        return f"{self.case} 第 {self.number} 稿"


class Step(AppendOnly):
    """One step of a case: who, acting for whom, in which role and body, what, when, why, on which revision.

    ``by_applicant`` tells the applicant's own moves from those of reviewers. ``before`` keeps what an undo restores.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="steps")
    number = models.PositiveIntegerField()
    kind = models.CharField("种类", max_length=10, choices=StepKind.choices)
    action = models.CharField("操作", max_length=40, blank=True)
    by_applicant = models.BooleanField(default=False)
    from_state = models.CharField(max_length=40, blank=True)
    to_state = models.CharField(max_length=40)
    level = models.CharField(max_length=20, blank=True)
    user = models.ForeignKey(_USER, models.PROTECT, null=True, related_name="+", verbose_name="办理人")
    on_behalf_of = models.ForeignKey(_USER, models.PROTECT, null=True, related_name="+", verbose_name="代理")
    role = models.CharField("角色", max_length=40, blank=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+", verbose_name="单位")
    reason = models.CharField("理由", max_length=400, blank=True)
    revision = models.PositiveIntegerField("稿次", default=1)
    at = models.DateTimeField("时间")
    due_at = models.DateTimeField("期限", null=True)
    before = models.JSONField(null=True, encoder=DjangoJSONEncoder)
    undoes = models.OneToOneField("self", models.PROTECT, null=True, related_name="undone_by")

    class Meta:
        verbose_name = verbose_name_plural = "办理记录"
        base_manager_name = "objects"
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="approvals_step_numbered")]
        indexes = [
            models.Index(fields=["user", "kind", "at"], name="approvals_step_user"),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.number} {self.get_kind_display()}"

    def acting_words(self) -> str:
        """Who acted, for whom: 王芳（代李建国）."""
        name = str(self.user) if self.user else "系统"
        return f"{name}（代{self.on_behalf_of}）" if self.on_behalf_of else name


class LevelSetting(AppendOnly):
    """How one level of a flow is done in an area: does it take part, which body acts, how many days; versioned.

    The newest version of the nearest area counts, from then on: cases that already wait keep body and deadline.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="地区")
    flow = models.CharField("种类", max_length=60)
    level = models.CharField("审核级", max_length=20)
    version = models.PositiveIntegerField("版次")
    takes_part = models.BooleanField("参与审核", default=True)
    body_kind = models.CharField("办理机构", max_length=20, choices=BODY_KINDS, blank=True)
    days = models.PositiveSmallIntegerField("办理天数")
    remind_days = models.PositiveSmallIntegerField("提前提醒天数", default=2)
    reason = models.CharField("理由", max_length=200)
    actor = models.ForeignKey(_USER, models.PROTECT, null=True, related_name="+", verbose_name="操作人")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "审核层级设置"
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "flow", "level", "version"], name="approvals_levelsetting_numbered"
            ),
            models.CheckConstraint(condition=Q(days__gte=1), name="approvals_levelsetting_days"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {self.flow} {self.level} 第 {self.version} 版"

"""What is kept of policies: texts as they were published, who adopted which when, and dated local choices."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from shixun.approvals.models import Case
from shixun.kernel.fields import Period, period_in_order
from shixun.kernel.models import AppendOnly
from shixun.people.models import Organisation
from shixun.terms.models import Window


class PolicyVersion(AppendOnly):
    """One published text of a policy: ``texts`` maps file names to contents, ``digest`` names them to the letter.

    The newest ``number`` of a policy is the one that is read; older ones stay, so that a decision taken under them
    can be read again. ``valid_until`` is exclusive.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    policy_id = models.CharField("政策", max_length=40)
    number = models.PositiveIntegerField("版次")
    digest = models.CharField("摘要", max_length=64)
    texts = models.JSONField("文本")
    name = models.CharField("名称", max_length=120)
    valid_from = models.DateField("自")
    valid_until = models.DateField("至(不含)")
    published_at = models.DateTimeField("发布时间")

    class Meta:
        verbose_name = verbose_name_plural = "政策版本"
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["policy_id", "number"], name="policy_version_numbered"),
            models.CheckConstraint(condition=Q(valid_until__gt=models.F("valid_from")), name="policy_version_ordered"),
        ]

    def __str__(self) -> str:
        return f"{self.policy_id} 第 {self.number} 版"


class Adoption(Period):
    """From when an organisation and everything below it goes by a policy; the nearest adoption above a place counts."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="adoptions", verbose_name="地区")
    policy_id = models.CharField("政策", max_length=40)
    reason = models.CharField("依据", max_length=400, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "采用的政策"
        constraints = [
            period_in_order("policy_adoption"),
            models.UniqueConstraint(fields=["organisation", "valid_from"], name="policy_adoption_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {self.policy_id}"


class LocalRules(AppendOnly):
    """One version of what an area has chosen inside a policy's ranges (PR-18), with reason, by whom and when.

    ``choices`` has the shape of a ``local.toml``: minimum, switch, reduction, layer, conversion, offset, claim. A
    version takes the place of every earlier one from ``valid_from`` on; the days before it stay as they were. ``case``
    is the filing it came through; one without was set by a city or province for itself, or before filing began.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="local_rules", verbose_name="地区")
    policy_id = models.CharField("政策", max_length=40)
    version = models.PositiveIntegerField("版次")
    valid_from = models.DateField("施行日期")
    choices = models.JSONField("选择")
    reason = models.CharField("理由", max_length=400)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="操作人"
    )
    at = models.DateTimeField("时间")
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="+", verbose_name="备案")

    class Meta:
        verbose_name = verbose_name_plural = "本区规则"
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["organisation", "policy_id", "version"], name="policy_local_numbered"),
            models.CheckConstraint(condition=~Q(reason=""), name="policy_local_reasoned"),
        ]
        indexes = [models.Index(fields=["organisation", "policy_id", "valid_from"], name="policy_local_in_force")]

    def __str__(self) -> str:
        return f"{self.organisation} {self.policy_id} 第 {self.version} 版"


class FilingSubmission(models.Model):
    """One handing-in of local rules for filing (报送): when, by whom, through which window.

    ``window`` is empty where no area above has ever planned one for filing, and for a filing that was returned, which
    has the days of the return instead. The database refuses an ``at`` outside the window. ``undone_at``: taken back
    within the half hour.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="filing_submissions", verbose_name="备案")
    window = models.ForeignKey(Window, models.PROTECT, null=True, related_name="+", verbose_name="开放时间")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="报送人"
    )
    at = models.DateTimeField("报送时间")
    undone_at = models.DateTimeField("撤销时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "报送"

    def __str__(self) -> str:
        return f"{self.case} {self.at:%Y-%m-%d}"

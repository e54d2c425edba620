"""Accounts and immutable entries: the tables of the bank's book and the constraints that hold it.

The database itself refuses what must never be: edits and deletions (append-only triggers), an entry outside its
account's cycle, and a reversal that is not the mirror of its original (insert triggers, migration 0002).
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from shixun.kernel.models import AppendOnly
from shixun.ledger.choices import DEGREE, AccountKind
from shixun.people.models import Organisation, Person


class Account(AppendOnly):
    """A person's account of one kind in one cycle; both days of the cycle belong to it. Opened once, never edited."""

    uuid = models.UUIDField(unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="accounts", verbose_name="教师")
    kind = models.CharField("账户种类", max_length=24, choices=AccountKind.choices)
    cycle = models.CharField("周期", max_length=24)
    starts_on = models.DateField("周期开始")
    ends_on = models.DateField("周期结束")
    opened_at = models.DateTimeField("开户时间")

    class Meta:
        verbose_name = verbose_name_plural = "学分账户"
        base_manager_name = "objects"
        ordering = ["person", "starts_on", "kind"]
        constraints = [
            models.UniqueConstraint(fields=["person", "kind", "cycle"], name="ledger_account_once"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="ledger_account_days_ordered"),
            models.CheckConstraint(condition=Q(kind__in=AccountKind.values), name="ledger_account_kind_known"),
            models.CheckConstraint(condition=~Q(cycle=""), name="ledger_account_cycle_named"),
        ]
        indexes = [models.Index(fields=["cycle", "kind"], name="ledger_account_cycle_kind")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.cycle}"


class Batch(AppendOnly):
    """Many entries written together; ``digest`` is SHA-256 over their canonical lines in the order of writing."""

    uuid = models.UUIDField(unique=True, editable=False)
    key = models.CharField("批次号", max_length=120, unique=True)
    count = models.PositiveIntegerField("条数")
    digest = models.CharField("摘要", max_length=64)
    posted_at = models.DateTimeField("登记时间")
    posted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="登记人"
    )

    class Meta:
        verbose_name = verbose_name_plural = "登记批次"
        base_manager_name = "objects"
        ordering = ["posted_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(count__gt=0), name="ledger_batch_not_empty"),
            models.CheckConstraint(condition=~Q(key=""), name="ledger_batch_keyed"),
        ]

    def __str__(self) -> str:
        return self.key


class Entry(AppendOnly):
    """One line of an account (学分明细), with all that CL-18 asks; cycle and person are its account's.

    ``credits`` and ``hours`` are hundredths, ``days`` whole days: all ≥ 0, or all ≤ 0 where ``reverses`` is set.
    ``tags`` is sorted text joined by ``;``. ``posted_by`` is empty where the system itself posted.
    """

    uuid = models.UUIDField(unique=True, editable=False)
    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="entries", db_index=False, verbose_name="账户"
    )
    level = models.CharField("层级", max_length=32, blank=True)
    category = models.CharField("类别", max_length=32, blank=True)
    form = models.CharField("形式", max_length=16)
    tags = models.CharField("标记", max_length=200, blank=True)
    credits = models.IntegerField("学分")
    hours = models.IntegerField("学时", default=0)
    days = models.IntegerField("天数", default=0)
    earned_on = models.DateField("取得日期")
    source_kind = models.CharField("来源类型", max_length=32)
    source_uuid = models.UUIDField("来源编号")
    source_name = models.CharField("来源", max_length=200)
    recogniser = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False, verbose_name="认定机构"
    )
    recognised_on = models.DateField("认定日期")
    decision = models.CharField("认定决定", max_length=64, blank=True)
    idempotency_key = models.CharField("登记号", max_length=120, unique=True)
    reverses = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="reversal", verbose_name="更正的明细"
    )
    reason = models.CharField("更正原因", max_length=400, blank=True)
    batch = models.ForeignKey(
        Batch,
        on_delete=models.PROTECT,
        to_field="uuid",
        null=True,
        related_name="entries",
        db_index=False,
        verbose_name="批次",
    )
    posted_at = models.DateTimeField("登记时间")
    posted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        verbose_name="登记人",
    )

    class Meta:
        verbose_name = verbose_name_plural = "学分明细"
        base_manager_name = "objects"
        ordering = ["earned_on", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(form=""), name="ledger_entry_form_named"),
            models.CheckConstraint(
                condition=Q(form=DEGREE, level="", category="") | (~Q(form=DEGREE) & ~Q(level="") & ~Q(category="")),
                name="ledger_entry_placed_unless_degree",
            ),
            models.CheckConstraint(
                condition=Q(reverses__isnull=True, credits__gte=0, hours__gte=0, days__gte=0, reason="")
                | (Q(reverses__isnull=False, credits__lte=0, hours__lte=0, days__lte=0) & ~Q(reason="")),
                name="ledger_entry_signed",
            ),
            models.CheckConstraint(
                condition=Q(recognised_on__gte=F("earned_on")), name="ledger_entry_recognised_after_earned"
            ),
            models.CheckConstraint(
                condition=~Q(source_kind="") & ~Q(source_name="") & ~Q(idempotency_key=""),
                name="ledger_entry_source_named",
            ),
        ]
        indexes = [
            models.Index(fields=["account", "earned_on", "id"], name="ledger_entry_statement"),
            models.Index(fields=["source_uuid"], name="ledger_entry_source"),
            models.Index(fields=["recogniser", "recognised_on"], name="ledger_entry_recognised"),
            models.Index(fields=["batch"], condition=Q(batch__isnull=False), name="ledger_entry_batch"),
        ]

    def __str__(self) -> str:
        return f"{self.earned_on} {self.source_name}"

"""The stored projection of everyone's standing. It can be thrown away and computed again."""

from django.db import models
from django.db.models import Q

from shixun.kernel.fields import PathField
from shixun.ledger.choices import AccountKind
from shixun.people.models import Organisation, Person
from shixun.standing.choices import TimedState


class Measure(models.Model):
    """What people with the same profiles under the same rules are measured by; ``key`` is the digest of all of it.

    ``requirements`` are the ids of the requirements of the cycle, in the policy's order; ``timed`` names the yearly and
    dated ones beside them, each with its year or day (``queries.timed``).
    """

    key = models.CharField(max_length=64, unique=True)
    policy_id = models.CharField("政策", max_length=40)
    policy_digest = models.CharField("政策摘要", max_length=64)
    choices_digest = models.CharField("本区规则摘要", max_length=64)
    kind = models.CharField("账户种类", max_length=24, choices=AccountKind.choices)
    profiles = models.CharField("身份", max_length=200)
    requirements = models.JSONField("要求")
    timed = models.JSONField("年度和限期要求", default=list)

    class Meta:
        verbose_name = verbose_name_plural = "适用要求"

    def __str__(self) -> str:
        return f"{self.policy_id} {self.profiles}"


class StoredStanding(models.Model):
    """One account of one person as it stood on the day ``on``. Amounts are hundredths.

    ``need`` and ``counted`` are the total. The row with ``is_main`` is the person's line in lists: its ``person_met``
    and ``person_short`` speak of all her accounts together, ``person_open`` and ``person_missed`` count her yearly and
    dated requirements that can still be met or no more. ``path`` and ``name`` are copies, so that a list of a scope is
    read from one index.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField("账户种类", max_length=24, choices=AccountKind.choices)
    measure = models.ForeignKey(Measure, models.PROTECT, related_name="+", verbose_name="适用要求")
    home = models.ForeignKey(Organisation, models.CASCADE, related_name="+", verbose_name="学校")
    path = PathField(max_length=80)
    name = models.CharField("姓名", max_length=60)
    stage = models.CharField("学段", max_length=20, blank=True)
    subject = models.CharField("学科", max_length=40, blank=True)
    on = models.DateField("截至")
    computed_at = models.DateTimeField("更新于")
    met = models.BooleanField("达标")
    shortfall = models.IntegerField("尚缺")
    need = models.IntegerField("要求")
    counted = models.IntegerField("累计")
    is_main = models.BooleanField("主要账户")
    person_met = models.BooleanField("各账户均达标")
    person_short = models.IntegerField("各账户共缺")
    person_open = models.PositiveSmallIntegerField("还可补的年度和限期要求", default=0)
    person_missed = models.PositiveSmallIntegerField("已错过的年度和限期要求", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "学分完成情况"
        constraints = [models.UniqueConstraint(fields=["person", "kind"], name="standing_once")]
        indexes = [
            models.Index(fields=["is_main", "path", "name"], name="standing_list"),
            # Wide, so that the figures of a whole city are counted without reading its rows.
            models.Index(
                fields=[
                    "is_main",
                    "path",
                    "person_met",
                    "person_short",
                    "subject",
                    "on",
                    "computed_at",
                    "person_open",
                    "person_missed",
                ],
                name="standing_figures",
            ),
            models.Index(fields=["kind", "path", "measure", "met"], name="standing_asked"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.get_kind_display()}"


class StandingGap(models.Model):
    """A requirement that an account does not meet; what is not here is met. ``path`` and ``person`` are copies.

    ``requirement`` is an id of the cycle, or names a yearly or dated one with its year or day; of those ``state`` says
    whether it can still be met. Amounts are hundredths in the requirement's own unit.
    """

    # Both are removed together by the one action that writes them, in one statement each.
    standing = models.ForeignKey(StoredStanding, models.DO_NOTHING, related_name="gaps")
    person = models.ForeignKey(Person, models.CASCADE, related_name="standing_gaps")
    path = PathField(max_length=80)
    kind = models.CharField("账户种类", max_length=24, choices=AccountKind.choices)
    requirement = models.CharField("要求", max_length=60)
    need = models.IntegerField("应有")
    short = models.IntegerField("尚缺")
    state = models.CharField("时限", max_length=8, choices=TimedState.choices, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "缺口"
        constraints = [
            models.UniqueConstraint(fields=["standing", "requirement"], name="standing_gap_once"),
            models.CheckConstraint(condition=Q(short__gt=0), name="standing_gap_is_one"),
        ]
        indexes = [
            models.Index(fields=["kind", "requirement", "path", "person", "short"], name="standing_gap_place"),
        ]

    def __str__(self) -> str:
        return f"{self.requirement} {self.short}"


class GapSum(models.Model):
    """How many accounts of one place do not meet a requirement, and how much they lack together, in hundredths.

    The sum of ``StandingGap`` by place, written with it, so that a city's map is read from a few thousand rows.
    """

    path = PathField(max_length=80)
    kind = models.CharField("账户种类", max_length=24, choices=AccountKind.choices)
    requirement = models.CharField("要求", max_length=60)
    people = models.IntegerField("人数")
    lack = models.BigIntegerField("共缺")

    class Meta:
        verbose_name = verbose_name_plural = "缺口合计"
        constraints = [models.UniqueConstraint(fields=["kind", "path", "requirement"], name="standing_sum_once")]

    def __str__(self) -> str:
        return f"{self.requirement} {self.people}"


class Watermark(models.Model):
    """How far the projection has read: the last entry and the last event of the trail, and the day it speaks of."""

    entry = models.BigIntegerField()
    event = models.BigIntegerField()
    on = models.DateField("截至")
    at = models.DateTimeField("更新于")
    # Of the machine: decides how far back the next reading begins.
    read_at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = "更新进度"

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"

"""Rows of the room: school years with their terms, windows with their history, work calendars with what is done."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from shixun.kernel.append_only import AppendOnly
from shixun.kernel.fields import Period, period_in_order
from shixun.people.models import Organisation
from shixun.terms.choices import CalendarStage, ChangeKind, Doer, Escalation, WindowStage


class SchoolYear(Period):
    """The school year of an area where it differs from September to August; ``number`` is the year it begins in."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="school_years")
    number = models.PositiveSmallIntegerField("学年")
    second_term_from = models.DateField("第二学期自")

    class Meta:
        constraints = [
            period_in_order("terms_schoolyear"),
            models.UniqueConstraint(fields=["organisation", "number"], name="terms_schoolyear_once"),
            models.CheckConstraint(
                condition=Q(second_term_from__gt=F("valid_from")) & Q(second_term_from__lt=F("valid_until")),
                name="terms_schoolyear_two_terms",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}学年"


class Window(models.Model):
    """From when until when something may be done, by whom, at which hours of the day, in which round.

    ``closes_at`` is the first moment at which it is closed. Without ``day_from`` it is open day and night.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    purpose = models.CharField("用途", max_length=60)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="windows", verbose_name="机构")
    title = models.CharField("名称", max_length=80)
    audience = models.CharField("对象", max_length=120, blank=True)
    round = models.PositiveSmallIntegerField("轮次", default=1)
    opens_at = models.DateTimeField("开始")
    closes_at = models.DateTimeField("截止")
    day_from = models.TimeField("每天自", null=True, blank=True)
    day_until = models.TimeField("每天至", null=True, blank=True)
    note = models.CharField("说明", max_length=400, blank=True)
    stage = models.CharField("状态", max_length=10, choices=WindowStage.choices, default=WindowStage.DRAFT)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="terms_window_in_order"),
            models.CheckConstraint(
                condition=Q(day_from__isnull=True, day_until__isnull=True) | Q(day_until__gt=F("day_from")),
                name="terms_window_hours_in_order",
            ),
            models.CheckConstraint(condition=Q(round__gte=1), name="terms_window_rounds_from_one"),
        ]
        indexes = [
            models.Index(fields=["purpose", "organisation", "opens_at"], name="terms_window_purpose"),
            models.Index(fields=["closes_at"], name="terms_window_closes"),
        ]

    def __str__(self) -> str:
        return self.title


class WindowChange(AppendOnly):
    """One step in the life of a window: what, by whom, when, why, and until when it was open before and after."""

    window = models.ForeignKey(Window, models.PROTECT, related_name="changes")
    kind = models.CharField("操作", max_length=10, choices=ChangeKind.choices)
    closed_before = models.DateTimeField("原截止", null=True)
    closes_after = models.DateTimeField("截止")
    reason = models.CharField("理由", max_length=200, blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField("时间")

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind__in=["extended", "closed"]) | ~Q(reason=""), name="terms_windowchange_reasoned"
            )
        ]

    def __str__(self) -> str:
        return f"{self.window} {self.get_kind_display()}"


class WorkCalendar(models.Model):
    """The work of one school year of an area (工作日历), copied from a template, changed, published."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="work_calendars", verbose_name="地区")
    school_year = models.PositiveSmallIntegerField("学年")
    template = models.CharField("模板", max_length=60)
    stage = models.CharField("状态", max_length=10, choices=CalendarStage.choices, default=CalendarStage.DRAFT)
    published_at = models.DateTimeField("发布时间", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "school_year"], name="terms_workcalendar_once"),
            models.CheckConstraint(
                condition=Q(stage="draft") | Q(published_at__isnull=False), name="terms_workcalendar_published"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}{self.school_year}学年工作日历"


class CalendarItem(models.Model):
    """One piece of work: from when until when (both days included), whose it is, on which page it is done.

    ``page`` names an address of the site; where the room does not exist, the item carries no link and ``elsewhere``
    says where the work is done today. ``remind_on`` and ``escalate_on`` follow from the days before and after.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    calendar = models.ForeignKey(WorkCalendar, models.CASCADE, related_name="items")
    starts_on = models.DateField("开始")
    due_on = models.DateField("完成期限")
    doer = models.CharField("谁来做", max_length=10, choices=Doer.choices)
    what = models.CharField("做什么", max_length=160)
    page = models.CharField("办理页面", max_length=60, blank=True)
    elsewhere = models.CharField("目前在哪里办", max_length=160, blank=True)
    article = models.CharField("依据", max_length=120, blank=True)
    remind_days = models.PositiveSmallIntegerField("提前几天提醒", default=7)
    escalate_days = models.PositiveSmallIntegerField("逾期几天上报", default=3)
    escalate_to = models.CharField("上报给", max_length=20, choices=Escalation.choices, blank=True)
    remind_on = models.DateField(null=True, editable=False)
    escalate_on = models.DateField(null=True, editable=False)
    reminded_at = models.DateTimeField(null=True, editable=False)
    escalated_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(due_on__gte=F("starts_on")), name="terms_calendaritem_in_order")
        ]
        indexes = [
            models.Index(fields=["calendar", "due_on"], name="terms_calendaritem_list"),
            models.Index(fields=["remind_on"], condition=Q(reminded_at__isnull=True), name="terms_calendaritem_remind"),
            models.Index(
                fields=["escalate_on"], condition=Q(escalated_at__isnull=True), name="terms_calendaritem_escalate"
            ),
        ]

    def __str__(self) -> str:
        return self.what


class DoneMark(models.Model):
    """That an organisation has done its part of an item, who said so, and when."""

    item = models.ForeignKey(CalendarItem, models.PROTECT, related_name="marks")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="done_marks")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField("时间")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "organisation"], name="terms_donemark_once")]
        indexes = [models.Index(fields=["organisation", "item"], name="terms_donemark_place")]

    def __str__(self) -> str:
        return f"{self.organisation} {self.item}"

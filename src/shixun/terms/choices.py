"""States of windows and calendars, what is written down of a window, who does the work of a calendar."""

from django.db.models import TextChoices

from shixun.people.choices import Role


class WindowStage(TextChoices):
    DRAFT = "draft", "未发布"
    PUBLISHED = "published", "已发布"
    DISCARDED = "discarded", "已作废"


class ChangeKind(TextChoices):
    PLANNED = "planned", "拟定"
    CHANGED = "changed", "修改"
    PUBLISHED = "published", "发布"
    EXTENDED = "extended", "延长"
    CLOSED = "closed", "提前结束"
    WITHDRAWN = "withdrawn", "撤回"
    DISCARDED = "discarded", "作废"


class CalendarStage(TextChoices):
    DRAFT = "draft", "未发布"
    PUBLISHED = "published", "已发布"


class Doer(TextChoices):
    """Whose work it is: every school does its own, a district or city once for all."""

    CITY = "city", "市级"
    DISTRICT = "district", "区县"
    SCHOOL = "school", "各学校"


class Escalation(TextChoices):
    """Who hears of it when the work is not done in time."""

    NOBODY = "", "不上报"
    PRINCIPAL = "principal", "校（园）长"
    DISTRICT = "district_officer", "区县管理员"
    CITY = "city_officer", "市级管理员"


# The roles that do the work of a doer.
ROLE_OF_DOER = {Doer.CITY: Role.CITY_OFFICER, Doer.DISTRICT: Role.DISTRICT_OFFICER, Doer.SCHOOL: Role.SCHOOL_OFFICER}

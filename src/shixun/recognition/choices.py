"""States of a record, codes of the national format, grades of a class, and the rule for the day of earning."""

from django.db.models import TextChoices


class RecordState(TextChoices):
    WAITING = "waiting", "待归类"
    POSTED = "posted", "已登记"
    KEPT = "kept", "不计学分"


class RecordKind(TextChoices):
    NATIONAL = "national", "培训记录"
    RESULT = "result", "班级成绩"


class CategoryCode(TextChoices):
    """培训类别 of the national format."""

    NATIONAL = "10", "国家级"
    PROVINCE = "20", "省级"
    CITY = "30", "市级"
    COUNTY = "40", "区县级"
    SCHOOL = "60", "校级"
    OTHER = "99", "其他"


class ModeCode(TextChoices):
    """培训方式 of the national format."""

    LONG = "1", "脱产研修（一个月以上）"
    SHORT = "2", "短期集中面授"
    ONLINE = "3", "网络研修"
    BLENDED = "4", "混合研修"
    OTHER = "9", "其他"


class Grade(TextChoices):
    EXCELLENT = "excellent", "优秀"
    GOOD = "good", "良好"
    PASS = "pass", "合格"
    FAIL = "fail", "不合格"


class Dated(TextChoices):
    """Which day a record's credits are earned on; where it is not in the file, the last day of the training year."""

    ENDED = "ended", "结束日期"
    STARTED = "started", "开始日期"
    YEAR_END = "year_end", "培训年度的最后一天"


#: The level of the ledger that a code is written as, and how a code is proposed as a level (NT-12).
CODE_OF_LEVEL = {
    "national": CategoryCode.NATIONAL,
    "province": CategoryCode.PROVINCE,
    "city": CategoryCode.CITY,
    "district": CategoryCode.COUNTY,
    "county": CategoryCode.COUNTY,
    "school": CategoryCode.SCHOOL,
}
LEVELS_OF_CODE = {
    CategoryCode.NATIONAL: ("national",),
    CategoryCode.PROVINCE: ("province", "city"),
    CategoryCode.CITY: ("city",),
    CategoryCode.COUNTY: ("district", "county"),
    CategoryCode.SCHOOL: ("school",),
}

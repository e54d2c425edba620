"""States of a record, codes of the national format, grades of a class, and the rule for the day of earning."""

from datetime import timedelta

from django.db.models import TextChoices

#: What a window must be for so that claims may be handed in through it.
DECLARE = "claims.declare"
CLAIM_FLOW, REVERSAL_FLOW, REPAYMENT_FLOW = "recognition.claim", "recognition.reversal", "recognition.repayment"
YEAR_FLOW = "recognition.year"
#: So long after a refusal its teacher may appeal.
APPEAL_WITHIN = timedelta(days=30)


class RecordState(TextChoices):
    WAITING = "waiting", "待归类"
    HELD = "held", "待登记"
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


class RegisterState(TextChoices):
    """What became of an outside organiser or programme somebody proposed."""

    PROPOSED = "proposed", "待核对"
    REGISTERED = "registered", "已登记"
    MERGED = "merged", "已并入"


class CreationMode(TextChoices):
    """How the results of a reported project become credits."""

    AUTOMATIC = "automatic", "报送后自动登记"
    BUTTON = "button", "由管理员统一登记"
    DECLARED = "declared", "由教师本人申报"


class Ground(TextChoices):
    """Why two claims may be about the same thing."""

    NUMBER = "number", "证书编号相同"
    FILE = "file", "佐证文件相同"
    PHOTO = "photo", "佐证照片相似"
    EVENT = "event", "同一项目，写法相近"
    DAY = "day", "同一天学时重叠"
    CITIES = "cities", "同一天在两地"
    RECORD = "record", "已有培训记录，写法相近"


class ReversalGround(TextChoices):
    MISTAKE = "mistake", "认定有误"
    TWICE = "twice", "重复登记"
    FALSE = "false", "材料不实"
    REPAID = "repaid", "归还借贷"


class SettlementState(TextChoices):
    OPEN = "open", "待确认"
    ACCEPTED = "accepted", "已确认"
    QUERIED = "queried", "有疑问"
    SETTLED = "settled", "已结算"
    VOID = "void", "已更正，不结算"


class RoundState(TextChoices):
    OPEN = "open", "进行中"
    PASSED = "passed", "已完成"
    FAULTY = "faulty", "发现差错"
    DROPPED = "dropped", "已放弃"


class Verdict(TextChoices):
    RIGHT = "right", "无误"
    WRONG = "wrong", "有差错"

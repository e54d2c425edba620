"""Kinds of organisations, duties, titles, roles: the words of the room, in English inside and Chinese on pages."""

from django.db.models import TextChoices


class OrganisationKind(TextChoices):
    PROVINCE = "province", "省"
    CITY = "city", "市"
    DISTRICT = "district", "区县"
    SCHOOL = "school", "学校"
    INSTITUTION = "institution", "培训机构"
    VOCATIONAL_GROUP = "vocational_group", "职教集团"
    BUREAU = "bureau", "教育局"
    COLLEGE = "college", "进修院校"
    CENTRE = "centre", "师资中心"
    SUPERVISION_OFFICE = "supervision_office", "督导室"


# A body acts for the area above it: whoever has a role there sees that area.
BODIES = frozenset(
    {
        OrganisationKind.BUREAU,
        OrganisationKind.COLLEGE,
        OrganisationKind.CENTRE,
        OrganisationKind.SUPERVISION_OFFICE,
    }
)
AREAS = frozenset({OrganisationKind.PROVINCE, OrganisationKind.CITY, OrganisationKind.DISTRICT})


class Stage(TextChoices):
    NONE = "", "不分学段"
    KINDERGARTEN = "kindergarten", "幼儿园"
    PRIMARY = "primary", "小学"
    LOWER_SECONDARY = "lower_secondary", "初中"
    UPPER_SECONDARY = "upper_secondary", "高中"
    NINE_YEAR = "nine_year", "九年一贯制"
    COMPLETE_SECONDARY = "complete_secondary", "完全中学"
    VOCATIONAL = "vocational", "中等职业"
    SPECIAL = "special", "特殊教育"
    OUT_OF_SCHOOL = "out_of_school", "校外教育"


class DesignationKind(TextChoices):
    PD_SCHOOL = "pd_school", "教师专业发展学校"
    VOCATIONAL = "vocational", "中等职业学校"


class Sex(TextChoices):
    """GB/T 2261.1."""

    UNKNOWN = "0", "未知"
    MALE = "1", "男"
    FEMALE = "2", "女"
    UNSTATED = "9", "未说明"


class IdentifierKind(TextChoices):
    TEACHER_NUMBER = "teacher_number", "教师号"
    CONTINUING_NUMBER = "continuing_number", "继续教育号"
    ID_CARD = "id_card", "居民身份证号"


class Duty(TextChoices):
    TEACHER = "teacher", "教师"
    PRINCIPAL = "principal", "校（园）长"
    PRINCIPAL_DESIGNATE = "principal_designate", "拟任校（园）长"
    MIDDLE_MANAGER = "middle_manager", "中层干部"
    CLASS_TEACHER = "class_teacher", "班主任"
    PROBATION = "probation", "见习教师"
    COLLEGE_HEAD = "college_head", "进修院校院长"
    RESEARCH_OFFICER = "research_officer", "教研员"
    TRAINER = "trainer", "师训员"
    DUAL_QUALIFIED = "dual_qualified", "双师型教师"
    RELEASED_STUDY = "released_study", "脱产学习"


class Title(TextChoices):
    NONE = "none", "未评职称"
    JUNIOR = "junior", "初级"
    MIDDLE = "middle", "中级"
    SENIOR = "senior", "高级"
    FULL_SENIOR = "full_senior", "正高级"


class Role(TextChoices):
    CITY_OFFICER = "city_officer", "市级管理员"
    DISTRICT_OFFICER = "district_officer", "区县管理员"
    SCHOOL_OFFICER = "school_officer", "师训专管员"
    TEACHER = "teacher", "教师"


# Where a role may be held: kinds of organisation.
ROLE_PLACES: dict[str, frozenset[str]] = {
    Role.TEACHER: frozenset(
        {OrganisationKind.SCHOOL, OrganisationKind.INSTITUTION, OrganisationKind.VOCATIONAL_GROUP} | BODIES
    ),
    Role.SCHOOL_OFFICER: frozenset({OrganisationKind.SCHOOL, OrganisationKind.COLLEGE}),
    Role.DISTRICT_OFFICER: frozenset({OrganisationKind.DISTRICT} | BODIES),
    Role.CITY_OFFICER: frozenset({OrganisationKind.CITY, OrganisationKind.PROVINCE} | BODIES),
}

# Which roles a role may grant and end, always within its own scope.
GRANTS: dict[str, frozenset[str]] = {
    Role.CITY_OFFICER: frozenset({Role.DISTRICT_OFFICER}),
    Role.DISTRICT_OFFICER: frozenset({Role.SCHOOL_OFFICER}),
    Role.SCHOOL_OFFICER: frozenset({Role.TEACHER}),
    Role.TEACHER: frozenset(),
}
OFFICERS = frozenset({Role.CITY_OFFICER, Role.DISTRICT_OFFICER, Role.SCHOOL_OFFICER})

"""Kinds of organisations, duties, titles, roles: the words of the room, in English inside and Chinese on pages."""

from django.db.models import TextChoices


def _labels(choices: type[TextChoices]) -> dict[str, str]:
    return {str(value): str(label) for value, label in choices.choices if value}


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
    """Whoever holds several acts in the first of them when she signs in."""

    CITY_OFFICER = "city_officer", "市级管理员"
    RECOGNISER = "recogniser", "学分认定管理员"
    DISTRICT_OFFICER = "district_officer", "区县管理员"
    REVIEWER = "reviewer", "学分审核员"
    PRINCIPAL = "principal", "校长"
    SCHOOL_OFFICER = "school_officer", "师训专管员"
    INSTITUTION_OFFICER = "institution_officer", "机构管理员"
    SUPERVISOR = "supervisor", "督学"
    EXPERT = "expert", "专家"
    CLASS_TUTOR = "class_tutor", "培训班班主任"
    INSTRUCTOR = "instructor", "授课教师"
    SYSTEM_MANAGER = "system_manager", "系统管理员"
    SECURITY_MANAGER = "security_manager", "安全管理员"
    AUDIT_MANAGER = "audit_manager", "审计管理员"
    TEACHER = "teacher", "教师"


# Officers look after the people of their scope; the managers after the platform, and see nobody's credits.
OFFICERS = frozenset(
    {
        Role.CITY_OFFICER,
        Role.RECOGNISER,
        Role.DISTRICT_OFFICER,
        Role.REVIEWER,
        Role.PRINCIPAL,
        Role.SCHOOL_OFFICER,
    }
)
MANAGERS = frozenset({Role.SYSTEM_MANAGER, Role.SECURITY_MANAGER, Role.AUDIT_MANAGER})

# What a role reaches: the area that its organisation acts for, its own organisation only, or (all others) nothing.
AREA_ROLES = frozenset({Role.CITY_OFFICER, Role.RECOGNISER, Role.DISTRICT_OFFICER, Role.REVIEWER, Role.SUPERVISOR})
PLACE_ROLES = frozenset({Role.PRINCIPAL, Role.SCHOOL_OFFICER, Role.INSTITUTION_OFFICER})

_WHOLE = frozenset({OrganisationKind.CITY, OrganisationKind.PROVINCE})
_TRAINS = frozenset(
    {
        OrganisationKind.INSTITUTION,
        OrganisationKind.SCHOOL,
        OrganisationKind.COLLEGE,
        OrganisationKind.CENTRE,
        OrganisationKind.VOCATIONAL_GROUP,
    }
)

# Roles in which a colleague may act for an absent one: never a judge by name, never a manager.
DELEGABLE = frozenset(OFFICERS | {Role.SUPERVISOR, Role.INSTITUTION_OFFICER, Role.CLASS_TUTOR})

# Where a role may be held: kinds of organisation.
ROLE_PLACES: dict[str, frozenset[str]] = {
    Role.TEACHER: frozenset(
        {OrganisationKind.SCHOOL, OrganisationKind.INSTITUTION, OrganisationKind.VOCATIONAL_GROUP} | BODIES
    ),
    Role.SCHOOL_OFFICER: frozenset({OrganisationKind.SCHOOL, OrganisationKind.COLLEGE}),
    Role.PRINCIPAL: frozenset({OrganisationKind.SCHOOL, OrganisationKind.COLLEGE}),
    Role.DISTRICT_OFFICER: frozenset({OrganisationKind.DISTRICT} | BODIES),
    Role.REVIEWER: frozenset({OrganisationKind.DISTRICT} | BODIES),
    Role.CITY_OFFICER: _WHOLE | BODIES,
    Role.RECOGNISER: _WHOLE | BODIES,
    Role.SUPERVISOR: frozenset(AREAS | {OrganisationKind.SUPERVISION_OFFICE, OrganisationKind.BUREAU}),
    Role.EXPERT: AREAS | BODIES,
    Role.INSTITUTION_OFFICER: _TRAINS,
    Role.CLASS_TUTOR: _TRAINS,
    Role.INSTRUCTOR: _TRAINS,
    Role.SYSTEM_MANAGER: _WHOLE | BODIES,
    Role.SECURITY_MANAGER: _WHOLE | BODIES,
    Role.AUDIT_MANAGER: _WHOLE | BODIES,
}

# Of a role held at an area or one of its bodies: which kinds of area.
ROLE_AREAS: dict[str, frozenset[str]] = {
    Role.CITY_OFFICER: _WHOLE,
    Role.RECOGNISER: _WHOLE,
    Role.DISTRICT_OFFICER: frozenset({OrganisationKind.DISTRICT}),
    Role.REVIEWER: frozenset({OrganisationKind.DISTRICT}),
    Role.SYSTEM_MANAGER: _WHOLE,
    Role.SECURITY_MANAGER: _WHOLE,
    Role.AUDIT_MANAGER: _WHOLE,
}

# Which roles a role may grant and end, within the area it answers for. The city names the three managers and the
# security manager the city's officers, so that neither can raise herself; the first of them are named by a command.
GRANTS: dict[str, frozenset[str]] = {
    Role.CITY_OFFICER: frozenset(
        {Role.RECOGNISER, Role.DISTRICT_OFFICER, Role.SUPERVISOR, Role.EXPERT, Role.INSTITUTION_OFFICER} | MANAGERS
    ),
    Role.SECURITY_MANAGER: frozenset({Role.CITY_OFFICER}),
    Role.DISTRICT_OFFICER: frozenset(
        {
            Role.REVIEWER,
            Role.SUPERVISOR,
            Role.EXPERT,
            Role.INSTITUTION_OFFICER,
            Role.PRINCIPAL,
            Role.SCHOOL_OFFICER,
        }
    ),
    Role.PRINCIPAL: frozenset({Role.SCHOOL_OFFICER, Role.CLASS_TUTOR, Role.INSTRUCTOR, Role.TEACHER}),
    Role.SCHOOL_OFFICER: frozenset({Role.CLASS_TUTOR, Role.INSTRUCTOR, Role.TEACHER}),
    Role.INSTITUTION_OFFICER: frozenset({Role.CLASS_TUTOR, Role.INSTRUCTOR}),
}

#: What values of these are called in the trail.
VALUES: dict[str, dict[str, str]] = {
    "role": _labels(Role),
    "acting_as": _labels(Role),
    "duty": _labels(Duty),
    "title": _labels(Title),
    "stage": _labels(Stage),
    "sex": _labels(Sex),
    "organisation:kind": _labels(OrganisationKind),
    "person:kind": _labels(IdentifierKind),
    "designations": _labels(DesignationKind),
}

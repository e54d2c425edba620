"""Those of the personas who work for an area or an institution and have no credits of their own."""

from dataclasses import dataclass

from shixun.demo.places.shanghai import CITY, HUANGPU, INSTITUTION, XUHUI
from shixun.demo.places.zhejiang import PROVINCE, PUTUO
from shixun.people.choices import Role, Sex


@dataclass(frozen=True, slots=True)
class Officer:
    """Somebody known by name, without credits; ``place`` is the code of the body she acts for."""

    username: str
    name: str
    sex: str
    place: str
    role: str
    label: str


_F, _M = Sex.FEMALE, Sex.MALE
_DISTRICT, _RECOGNISER, _HOUSE = Role.DISTRICT_OFFICER, Role.RECOGNISER, Role.INSTITUTION_OFFICER
OFFICERS = {
    "上海市": (
        Officer("district-huangpu", "钱若琳", _F, f"{HUANGPU}-B", _DISTRICT, "黄浦区管理员，本区提高了市级和区级要求"),
        Officer("district-xuhui", "邵立平", _M, f"{XUHUI}-B", _DISTRICT, "徐汇区管理员，本区按入职年份递减"),
        Officer("city", "方志远", _M, f"{CITY}-T", Role.CITY_OFFICER, "市级管理员，看全市各区"),
        Officer("reviewer", "金玉洁", _F, f"{HUANGPU}-C", Role.REVIEWER, "黄浦区学分审核员，审核本区教师的学分"),
        Officer("recogniser", "汪海燕", _F, f"{CITY}-T", _RECOGNISER, "市级学分认定管理员，认定各区报来的学分"),
        Officer("supervisor", "田志刚", _M, f"{HUANGPU}-D", Role.SUPERVISOR, "黄浦区督学，只看指标和通报，不能改动"),
        Officer("institution", "薛敏芝", _F, INSTITUTION, _HOUSE, "培训机构管理员，安排班主任和授课教师"),
        Officer("class-tutor", "贺晓明", _M, INSTITUTION, Role.CLASS_TUTOR, "培训班班主任，管一个班"),
        Officer("instructor", "孟庆云", _F, INSTITUTION, Role.INSTRUCTOR, "授课教师，上课和评定"),
        Officer("expert", "梁启文", _M, f"{CITY}-T", Role.EXPERT, "评审专家，盲评项目和课程"),
        Officer("system", "丁一凡", _M, f"{CITY}-T", Role.SYSTEM_MANAGER, "系统管理员，管账号和运行，看不到学分"),
        Officer("security", "于文博", _M, f"{CITY}-B", Role.SECURITY_MANAGER, "安全管理员，授予市级角色，看不到学分"),
        Officer("audit", "郭静宜", _F, f"{CITY}-B", Role.AUDIT_MANAGER, "审计管理员，只看不改，看不到学分"),
    ),
    "浙江省": (
        Officer("zj-county", "俞立新", _M, f"{PUTUO}-B", _DISTRICT, "普陀区管理员，本区每年 36 学分"),
        Officer("zj-province", "宋明慧", _F, f"{PROVINCE}-T", Role.CITY_OFFICER, "省级管理员，看全省各县"),
    ),
}

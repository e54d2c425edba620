"""What the words of a roster mean: titles, duties, stages, subjects, with their former and loose spellings."""

from collections.abc import Mapping

from shixun.people.choices import Duty, Sex, Stage, Title

SEXES: Mapping[str, str] = {"男": Sex.MALE, "女": Sex.FEMALE}
LOOSE_SEXES = {"男性": "男", "女性": "女", "男教师": "男", "女教师": "女", "M": "男", "F": "女"}

ID_KINDS: Mapping[str, str] = {"居民身份证": "id_card"}
LOOSE_ID_KINDS = {"身份证": "居民身份证", "二代身份证": "居民身份证", "1": "居民身份证"}

STAGES: Mapping[str, str] = {
    "幼儿园": Stage.KINDERGARTEN,
    "小学": Stage.PRIMARY,
    "初中": Stage.LOWER_SECONDARY,
    "高中": Stage.UPPER_SECONDARY,
    "九年一贯制": Stage.NINE_YEAR,
    "完全中学": Stage.COMPLETE_SECONDARY,
    "中职": Stage.VOCATIONAL,
    "中等职业": Stage.VOCATIONAL,
    "特殊教育": Stage.SPECIAL,
    "校外教育": Stage.OUT_OF_SCHOOL,
}
LOOSE_STAGES = {
    "幼教": "幼儿园",
    "学前": "幼儿园",
    "初级中学": "初中",
    "高级中学": "高中",
    "普高": "高中",
    "中专": "中职",
}

TITLES: Mapping[str, str] = {
    "未评": Title.NONE,
    "未评职称": Title.NONE,
    "三级教师": Title.JUNIOR,
    "二级教师": Title.JUNIOR,
    "一级教师": Title.MIDDLE,
    "高级教师": Title.SENIOR,
    "正高级教师": Title.FULL_SENIOR,
    "助理讲师": Title.JUNIOR,
    "讲师": Title.MIDDLE,
    "高级讲师": Title.SENIOR,
    "正高级讲师": Title.FULL_SENIOR,
    "初级": Title.JUNIOR,
    "中级": Title.MIDDLE,
    "高级": Title.SENIOR,
    "正高级": Title.FULL_SENIOR,
}
# The titles before the reform of 2015, which joined those of primary and secondary schools.
OLD_TITLES = {
    "中学高级": "高级教师",
    "中学高级教师": "高级教师",
    "中学一级": "一级教师",
    "中学一级教师": "一级教师",
    "中学二级": "二级教师",
    "中学二级教师": "二级教师",
    "中学三级": "三级教师",
    "中学三级教师": "三级教师",
    "小学高级": "一级教师",
    "小学高级教师": "一级教师",
    "小学一级": "二级教师",
    "小学一级教师": "二级教师",
    "小学二级": "三级教师",
    "小学二级教师": "三级教师",
    "小学三级": "三级教师",
    "幼儿园高级": "一级教师",
    "幼儿园高级教师": "一级教师",
    "幼儿园一级": "二级教师",
    "幼儿园一级教师": "二级教师",
    "中高": "高级教师",
    "中一": "一级教师",
    "中二": "二级教师",
    "小高": "一级教师",
    "小一": "二级教师",
    "无职称": "未评",
    "未定级": "未评",
}

#: Duties that make a training profile.
DUTIES: Mapping[str, str] = {
    "教师": Duty.TEACHER,
    "班主任": Duty.CLASS_TEACHER,
    "中层干部": Duty.MIDDLE_MANAGER,
    "校长": Duty.PRINCIPAL,
    "园长": Duty.PRINCIPAL,
    "拟任校长": Duty.PRINCIPAL_DESIGNATE,
    "见习教师": Duty.PROBATION,
    "教研员": Duty.RESEARCH_OFFICER,
    "师训员": Duty.TRAINER,
    "进修院校院长": Duty.COLLEGE_HEAD,
    "双师型教师": Duty.DUAL_QUALIFIED,
    "脱产学习": Duty.RELEASED_STUDY,
}
LOOSE_DUTIES = {
    "任课教师": "教师",
    "专任教师": "教师",
    "正校长": "校长",
    "正园长": "园长",
    "中层": "中层干部",
    "教导主任": "中层干部",
    "德育主任": "中层干部",
    "总务主任": "中层干部",
    "见习期教师": "见习教师",
    "双师型": "双师型教师",
}
#: Duties known to schools that change nothing in training; what the note says of them.
PLAIN_DUTIES = {
    "副校长": "没有对应的培训对象类别，按教师登记",
    "副园长": "没有对应的培训对象类别，按教师登记",
    "书记": "没有对应的培训对象类别，按教师登记",
    "副书记": "没有对应的培训对象类别，按教师登记",
    "教研组长": "不改变培训要求，按教师登记",
    "备课组长": "不改变培训要求，按教师登记",
    "年级组长": "不改变培训要求，按教师登记",
    "师训专管员": "是平台的角色，不由名册授予，请在“角色”页办理",
}

SUBJECTS = (
    "语文",
    "数学",
    "英语",
    "物理",
    "化学",
    "生物",
    "生命科学",
    "历史",
    "地理",
    "道德与法治",
    "思想政治",
    "科学",
    "自然",
    "音乐",
    "美术",
    "艺术",
    "体育",
    "体育与健身",
    "体育与健康",
    "信息技术",
    "信息科技",
    "通用技术",
    "劳动",
    "劳动技术",
    "心理健康",
    "综合实践活动",
    "书法",
    "日语",
    "俄语",
    "德语",
    "法语",
    "西班牙语",
    "学前教育",
    "特殊教育",
)
LOOSE_SUBJECTS = {
    "心理": "心理健康",
    "政治": "思想政治",
    "思品": "道德与法治",
    "品德": "道德与法治",
    "品德与社会": "道德与法治",
    "思想品德": "道德与法治",
    "计算机": "信息技术",
    "信息": "信息技术",
    "综合实践": "综合实践活动",
    "幼教": "学前教育",
    "体健": "体育与健身",
    "劳技": "劳动技术",
}

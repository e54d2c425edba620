"""The columns of the two sheets, under the headings of their forms and those offices use (field: c.3, c.6)."""

from shixun.kernel.spreadsheets.fields import Field
from shixun.kernel.spreadsheets.parsers import choice, day, name, number_text, text
from shixun.recognition.choices import CategoryCode, Grade, ModeCode
from shixun.recognition.validators import amount, id_number, year

_ID_KINDS = {"居民身份证": "id_card"}
_LOOSE_ID_KINDS = {"身份证": "居民身份证", "二代身份证": "居民身份证", "1": "居民身份证"}
_CODES = {str(code.value): code.value for code in CategoryCode}
_LOOSE_CODES = {
    "国家级": "10",
    "国培": "10",
    "省级": "20",
    "省培": "20",
    "市级": "30",
    "地市级": "30",
    "区级": "40",
    "县级": "40",
    "区县级": "40",
    "校级": "60",
    "校本": "60",
    "其他": "99",
}
_MODES = {str(mode.value): mode.value for mode in ModeCode}
_LOOSE_MODES = {
    "脱产": "1",
    "面授": "2",
    "集中面授": "2",
    "网络": "3",
    "网络研修": "3",
    "远程": "3",
    "混合": "4",
    "其他": "9",
}
_GRADES = {str(grade.label): grade.value for grade in Grade}
_ID_NUMBER = number_text(id_number, code="id-card", title="证件号码不正确", right="本人身份证上的 18 位号码")

NATIONAL: tuple[Field, ...] = (
    Field("name", "教师姓名", name, ("姓名",), required=True, hint="与登记的姓名一致", example="张敏"),
    Field(
        "id_kind",
        "身份证件类型",
        choice(_ID_KINDS, old=_LOOSE_ID_KINDS, title="证件类型"),
        ("证件类型",),
        words=tuple(_ID_KINDS),
        hint="目前只登记居民身份证",
        example="居民身份证",
    ),
    Field(
        "id_number",
        "教师身份证号",
        _ID_NUMBER,
        ("身份证号", "身份证件号", "身份证号码", "证件号码", "身份证"),
        required=True,
        private=True,
        hint="18 位；这一列请设为文本格式",
        example="11010519491231002X",
    ),
    Field("year", "培训年度", year, ("年度",), required=True, hint="四位年份", example="2019"),
    Field(
        "code",
        "培训类别",
        choice(_CODES, old=_LOOSE_CODES, title="培训类别"),
        ("类别",),
        required=True,
        words=tuple(_CODES),
        hint="10 国家级、20 省级、30 市级、40 区县级、60 校级、99 其他",
        example="40",
    ),
    Field("project", "培训项目名称", text(longest=100), ("项目名称",), required=True, hint="同一项目请用同一名称"),
    Field("institution", "培训机构名称", text(longest=100), ("培训机构", "机构名称"), hint="承办单位，可以不填"),
    Field(
        "mode",
        "培训方式",
        choice(_MODES, old=_LOOSE_MODES, title="培训方式"),
        ("方式",),
        required=True,
        words=tuple(_MODES),
        hint="1 脱产、2 短期面授、3 网络、4 混合、9 其他",
        example="2",
    ),
    Field(
        "hours",
        "培训获得学时",
        amount("学时", zero=False),
        ("学时", "获得学时"),
        required=True,
        hint="大于 0",
        example="16",
    ),
    Field("credits", "培训获得学分", amount("学分", zero=True), ("学分", "获得学分"), hint="空着时由政策换算"),
    Field("exact_hours", "精确学时", amount("学时", zero=False), hint="有小数时填在这里；平台导出的表带有这一列"),
    Field("exact_credits", "精确学分", amount("学分", zero=True), hint="同上"),
    Field("starts_on", "开始日期", day(), ("培训开始日期", "开始时间"), hint="如 2019-04-15"),
    Field("ends_on", "结束日期", day(), ("培训结束日期", "结束时间"), hint="如 2019-05-20"),
)

RESULTS: tuple[Field, ...] = (
    Field("province", "省", text(longest=40), ("省份",), hint="这一列须有，可以空着", example="示范省"),
    Field("city", "市", text(longest=40), ("地市", "城市"), hint="这一列须有，可以空着", example="示范市"),
    Field(
        "district", "区县", text(longest=40), ("区", "县区", "所属区县"), hint="这一列须有，可以空着", example="黄浦区"
    ),
    Field(
        "school",
        "学校名称",
        text(longest=80),
        ("学校", "单位"),
        hint="这一列须有，与登记不同时会提示",
        example="示范小学",
    ),
    Field("name", "姓名", name, ("教师姓名",), required=True, hint="与登记的姓名一致", example="张敏"),
    Field("sex", "性别", text(longest=4), hint="这一列须有，可以空着", example="女"),
    Field(
        "id_number",
        "身份证",
        _ID_NUMBER,
        ("身份证号", "身份证号码", "证件号码"),
        required=True,
        unique=True,
        private=True,
        hint="18 位，文件内不得重复；请设为文本格式",
        example="11010519491231002X",
    ),
    Field(
        "phone", "手机号", text(longest=20), ("手机", "联系电话", "手机号码"), private=True, hint="这一列须有；不会保存"
    ),
    Field(
        "grade",
        "成绩",
        choice(_GRADES, title="成绩"),
        ("考核结果", "结果"),
        required=True,
        words=tuple(_GRADES),
        hint="优秀、良好、合格或不合格；良好按合格计学时",
        example="合格",
    ),
)

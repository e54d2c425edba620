"""A small policy of its own, valid and complete enough to be broken in every way the loader must notice."""

ARTICLES = """\
[document."办法"]
title = "某县教师培训办法"
issuer = "某县教育局"

[[article]]
id = "county-2016:办法:一"
document = "办法"
title = "总量"
text = "五年不少于20学分,其中县级8至10学分,每年不少于2学分,2017年底前50学时。"
kind = "rule"
requirements = ["PR-01"]

[[article]]
id = "county-2016:办法:二"
document = "办法"
title = "折算"
text = "每10学时1学分。"
kind = "rule"
"""

RULES = """\
[policy]
id = "county-2016"
name = "某县教师培训办法"
short_name = "某县"
region = "某县"
area_code = "310999"
valid_from = 2016-01-01
valid_until = 2021-01-01
cycle_starts_on = 2016-01-01
cycle_years = 5
unit = "credits"
unit_label = "学分"
hours_per_credit = "10"
default_base = "teacher"

[label.level]
city = "市级"
county = "县级"
[label.category]
ethics = "师德"
practice = "实践"
[label.form]
course = "课程"
[label.tag]
it = "信息技术"

[[profile]]
id = "teacher"
name = "教师"
kind = "base"
article = "county-2016:办法:一"
account = "teacher"

[[switch]]
id = "easier"
name = "从宽"
default = false
chooser = "district"
article = "county-2016:办法:二"

[[reduction]]
id = "entry"
name = "逐年递减"
switch = "easier"
from = "entered_on"
last_year = 2021
span = 5
article = "county-2016:办法:一"

[[requirement]]
id = "total"
profile = "teacher"
name = "总学分"
article = "county-2016:办法:一"
minimum = "20"
counts = {}
reduces = "entry"
round_up_to = "0.5"
ambiguity = ["AMB-01"]

[[requirement]]
id = "county"
profile = "teacher"
name = "县级"
article = "county-2016:办法:一"
minimum = "8"
up_to = "10"
counts = { level = ["county"] }
counts_when = { switch = "easier", level = ["city", "county"] }

[[requirement]]
id = "yearly"
profile = "teacher"
name = "每年"
article = "county-2016:办法:一"
minimum = "2"
kind = "yearly"
counts = {}

[[requirement]]
id = "it_hours"
profile = "teacher"
name = "信息技术学时"
article = "county-2016:办法:一"
minimum = "50"
kind = "dated"
unit = "hours"
due_on = 2017-12-31
counts = { tags = ["it"] }

[[move]]
id = "city-to-county"
from = { level = ["city"] }
to = { level = ["county"] }
article = "county-2016:办法:一"

[[new_credit]]
level = ["city", "county"]
category = ["ethics", "practice"]
form = "course"

[[conversion]]
id = "hours"
kind = "blocks"
category = ["ethics", "practice"]
block_hours = "4"
hours_per_credit = "10"
article = "county-2016:办法:二"

[[fixed_award]]
id = "certificate"
name = "证书"
article = "county-2016:办法:二"
entry = { level = "city", category = "ethics", form = "course", credits = "1", tags = ["it"] }
"""

AMBIGUITIES = """\
[[ambiguity]]
id = "AMB-01"
article = "county-2016:办法:一"
problem = "区间"
default = "下限"
chooser = "district"
"""

TEXTS = {"articles.toml": ARTICLES, "rules.toml": RULES, "ambiguities.toml": AMBIGUITIES}


def with_change(file: str, old: str, new: str) -> dict[str, str]:
    """The policy with one place of one file written otherwise; the old text stands there exactly once."""
    assert TEXTS[file].count(old) == 1, f"{old!r} stands {TEXTS[file].count(old)} times in {file}"
    return {**TEXTS, file: TEXTS[file].replace(old, new)}

"""Ways in which the small policy is written wrongly, each with the key that must be named."""

from typing import NamedTuple

R, A, Q = "rules.toml", "articles.toml", "ambiguities.toml"


class Mutation(NamedTuple):
    """In one file, at the one place where ``old`` stands, ``new`` is written; the loader names ``key``."""

    file: str
    old: str
    new: str
    key: str


MUTATIONS = {
    "no id": Mutation(R, 'id = "county-2016"\n', "", "policy.id"),
    "no name": Mutation(R, 'name = "某县教师培训办法"\n', "", "policy.name"),
    "no start": Mutation(R, "valid_from = 2016-01-01\n", "", "policy.valid_from"),
    "no length of the cycle": Mutation(R, "cycle_years = 5\n", "", "policy.cycle_years"),
    "no hours per credit": Mutation(
        R, 'hours_per_credit = "10"\ndefault_base', "default_base", "policy.hours_per_credit"
    ),
    "no default base": Mutation(R, 'default_base = "teacher"\n', "", "policy.default_base"),
    "no minimum": Mutation(
        R,
        'name = "总学分"\narticle = "county-2016:办法:一"\nminimum = "20"',
        'name = "总学分"\narticle = "county-2016:办法:一"',
        "requirement[total].minimum",
    ),
    "no article of a requirement": Mutation(
        R,
        'name = "总学分"\narticle = "county-2016:办法:一"\nminimum = "20"',
        'name = "总学分"\nminimum = "20"',
        "requirement[total].article",
    ),
    "no account of a base": Mutation(R, 'account = "teacher"\n', "", "profile[teacher].account"),
    "no kind of a profile": Mutation(R, 'kind = "base"\n', "", "profile[teacher].kind"),
    "no text of an article": Mutation(A, 'text = "每10学时1学分。"\n', "", "article[county-2016:办法:二].text"),
    "no title of a document": Mutation(A, 'title = "某县教师培训办法"\n', "", "document.办法.title"),
    "no default of an ambiguity": Mutation(Q, 'default = "下限"\n', "", "ambiguity[AMB-01].default"),
    "misspelt key of the policy": Mutation(R, 'short_name = "某县"', 'short_name = "某县"\nshrot = 1', "policy.shrot"),
    "misspelt key of a requirement": Mutation(
        R, 'minimum = "8"\nup_to = "10"', 'minimum = "8"\nup_to = "10"\nuntil = "11"', "requirement[county].until"
    ),
    "misspelt key of a selector": Mutation(
        R, 'counts = { level = ["county"] }', 'counts = { levels = ["county"] }', "requirement[county].counts.levels"
    ),
    "unknown table": Mutation(R, "[[move]]", "[[mvoe]]", "mvoe"),
    "unknown kind of label": Mutation(R, "[label.tag]", "[label.flavour]", "label.flavour"),
    "unknown key of an article": Mutation(
        A,
        'kind = "rule"\nrequirements',
        'kind = "rule"\nauthor = "某"\nrequirements',
        "article[county-2016:办法:一].author",
    ),
    "amount as a float": Mutation(R, 'minimum = "8"', "minimum = 8.0", "requirement[county].minimum"),
    "amount as a number": Mutation(R, 'minimum = "8"', "minimum = 8", "requirement[county].minimum"),
    "three places": Mutation(R, 'minimum = "8"', 'minimum = "8.005"', "requirement[county].minimum"),
    "negative": Mutation(R, 'minimum = "8"', 'minimum = "-8"', "requirement[county].minimum"),
    "a word for an amount": Mutation(R, 'minimum = "8"', 'minimum = "eight"', "requirement[county].minimum"),
    "reversed range": Mutation(
        R, 'minimum = "8"\nup_to = "10"', 'minimum = "8"\nup_to = "7"', "requirement[county].up_to"
    ),
    "years as text": Mutation(R, "cycle_years = 5", 'cycle_years = "5"', "policy.cycle_years"),
    "years as true": Mutation(R, "cycle_years = 5", "cycle_years = true", "policy.cycle_years"),
    "no years": Mutation(R, "cycle_years = 5", "cycle_years = 0", "policy.cycle_years"),
    "day as text": Mutation(R, "valid_from = 2016-01-01", 'valid_from = "2016-01-01"', "policy.valid_from"),
    "a moment for a day": Mutation(
        R, "valid_from = 2016-01-01", "valid_from = 2016-01-01T08:00:00", "policy.valid_from"
    ),
    "ends before it starts": Mutation(R, "valid_until = 2021-01-01", "valid_until = 2015-01-01", "policy.valid_until"),
    "span of nothing": Mutation(R, "span = 5", "span = 0", "reduction[entry].span"),
    "flag as text": Mutation(R, "default = false", 'default = "no"', "switch[easier].default"),
    "credits nobody can convert": Mutation(
        R, 'block_hours = "4"\nhours_per_credit = "10"', 'block_hours = "4"', "conversion[hours].hours_per_credit"
    ),
    "credits at no hours each": Mutation(
        R,
        'block_hours = "4"\nhours_per_credit = "10"',
        'block_hours = "4"\nhours_per_credit = "0"',
        "conversion[hours].hours_per_credit",
    ),
    "unknown article": Mutation(
        R,
        'name = "总学分"\narticle = "county-2016:办法:一"\nminimum = "20"',
        'name = "总学分"\narticle = "county-2016:办法:九"\nminimum = "20"',
        "requirement[total].article",
    ),
    "unknown profile": Mutation(
        R, 'id = "county"\nprofile = "teacher"', 'id = "county"\nprofile = "wizard"', "requirement[county].profile"
    ),
    "unknown level": Mutation(
        R, 'counts = { level = ["county"] }', 'counts = { level = ["moon"] }', "requirement[county].counts.level"
    ),
    "unknown tag": Mutation(
        R, 'counts = { tags = ["it"] }', 'counts = { tags = ["ai"] }', "requirement[it_hours].counts.tags"
    ),
    "unknown kind of requirement": Mutation(R, 'kind = "yearly"', 'kind = "monthly"', "requirement[yearly].kind"),
    "unknown unit": Mutation(R, 'unit = "hours"', 'unit = "sessions"', "requirement[it_hours].unit"),
    "unknown unit of the policy": Mutation(R, 'unit = "credits"', 'unit = "stars"', "policy.unit"),
    "unknown switch": Mutation(
        R,
        'counts_when = { switch = "easier"',
        'counts_when = { switch = "harder"',
        "requirement[county].counts_when.switch",
    ),
    "unknown reduction": Mutation(R, 'reduces = "entry"', 'reduces = "exit"', "requirement[total].reduces"),
    "unknown ambiguity": Mutation(
        R, 'ambiguity = ["AMB-01"]', 'ambiguity = ["AMB-99"]', "requirement[total].ambiguity"
    ),
    "unknown default base": Mutation(R, 'default_base = "teacher"', 'default_base = "nobody"', "policy.default_base"),
    "unknown document": Mutation(
        A,
        'document = "办法"\ntitle = "折算"',
        'document = "细则"\ntitle = "折算"',
        "article[county-2016:办法:二].document",
    ),
    "unknown kind of article": Mutation(
        A, 'kind = "rule"\nrequirements', 'kind = "law"\nrequirements', "article[county-2016:办法:一].kind"
    ),
    "unknown level of a move": Mutation(
        R, 'to = { level = ["county"] }', 'to = { level = ["moon"] }', "move[city-to-county].to.level"
    ),
    "unknown conversion": Mutation(R, 'kind = "blocks"', 'kind = "magic"', "conversion[hours].kind"),
    "unknown chooser": Mutation(Q, 'chooser = "district"', 'chooser = "me"', "ambiguity[AMB-01].chooser"),
    "unknown article of an ambiguity": Mutation(Q, "办法:一", "办法:九", "ambiguity[AMB-01].article"),
    "a cycle requirement in hours": Mutation(
        R, 'minimum = "8"\nup_to = "10"', 'minimum = "8"\nup_to = "10"\nunit = "hours"', "requirement[county].unit"
    ),
    "requirement twice": Mutation(R, 'id = "county"\n', 'id = "total"\n', "requirement[teacher/total]"),
    "article twice": Mutation(A, "办法:二", "办法:一", "article[county-2016:办法:一].id"),
    "profile twice": Mutation(
        R,
        "[[switch]]",
        '[[profile]]\nid = "teacher"\nname = "又一个"\nkind = "base"\narticle = "county-2016:办法:一"\n'
        'account = "teacher"\n\n'
        "[[switch]]",
        "profile[teacher]",
    ),
    "switch twice": Mutation(
        R,
        "[[reduction]]",
        '[[switch]]\nid = "easier"\nname = "又一个"\nchooser = "district"\narticle = "county-2016:办法:二"\n\n'
        "[[reduction]]",
        "switch[easier]",
    ),
    "ambiguity twice": Mutation(
        Q,
        'chooser = "district"\n',
        'chooser = "district"\n\n'
        '[[ambiguity]]\nid = "AMB-01"\narticle = "county-2016:办法:一"\nproblem = "又"\n'
        'default = "又"\nchooser = "city"\n',
        "ambiguity[AMB-01]",
    ),
    "a table for a list": Mutation(R, "[[move]]", "[move]", "move"),
    "a text for a list": Mutation(
        R, 'category = ["ethics", "practice"]\nform', 'category = "ethics"\nform', "new_credit[1].category"
    ),
    "a list for a text": Mutation(R, 'region = "某县"', 'region = ["某县"]', "policy.region"),
    "a number for a table": Mutation(R, "counts = { tags", "counts = 5 # ", "requirement[it_hours].counts"),
    "a label that is no text": Mutation(R, 'city = "市级"', "city = 1", "label.level.city"),
    "labels that are no table": Mutation(R, '[label.tag]\nit = "信息技术"', "[label]\ntag = 5", "label.tag"),
    "a single ambiguity": Mutation(Q, "[[ambiguity]]", "[ambiguity]", "ambiguity"),
    "a single article": Mutation(
        A, '[[article]]\nid = "county-2016:办法:二"', '[[paragraph]]\nid = "county-2016:办法:二"', "paragraph"
    ),
    "documents that are no table": Mutation(
        A, '[document."办法"]\ntitle = "某县教师培训办法"\nissuer = "某县教育局"', 'document = "办法"', "document"
    ),
    "a policy that is no table": Mutation(R, "[policy]", "policy = 5\n[policies]", "policy"),
    "rows that are no tables": Mutation(R, "[policy]\n", "target = [1, 2]\n[policy]\n", "target"),
    "no toml": Mutation(R, "[[move]]", "[[move", ""),
}

"""What the pages show of a policy: tables whose cells lie under their headings, offsets, and cases that agree."""

import pytest

from rulebook.policy import shipped_ids, shipped_policy
from shixun.policy.tables.article import conversion_name, conversion_words, rules_of_article
from shixun.policy.tables.cases import worked_cases
from shixun.policy.tables.grid import Grid, grid_of, grids_of
from shixun.policy.tables.moves import matrix_of
from shixun.policy.tables.words import demanded, measured


def shown(grid: Grid) -> dict[str, list[str]]:
    """Each row as its cells: span and values."""
    return {
        row.label: [f"{cell.span}:{'+'.join(str(figure.value) for figure in cell.figures)}" for cell in row.cells]
        for row in grid.rows
    }


def test_the_teachers_table_reads_like_the_article() -> None:
    policy = shipped_policy("shanghai-2016")
    grid = grid_of(policy, policy.profiles["teacher"])
    assert grid.columns == ("师德", "素养", "知识与技能", "实践体验")
    assert shown(grid) == {
        "合计": ["2:1200", "1:1200", "1:1000"],
        "市级": ["2:100", "1:300+100", "1:"],
        "区级": ["2:200", "1:900+300", "1:"],
        "校级": ["1:400", "1:100", "1:", "1:1000+100"],
        "自主研修": ["1:", "1:", "1:", "1:"],
        "区级自主研修": ["1:", "1:", "1:", "1:"],
        "校级自主研修": ["1:", "1:", "1:", "1:"],
    }
    assert [figure.value for row in grid.rows for figure in row.total] == [3600, 400, 1100, 1500, 300, 300, 100]


@pytest.mark.parametrize("policy_id", shipped_ids())
def test_every_requirement_is_in_exactly_one_place_of_its_table(policy_id: str) -> None:
    policy = shipped_policy(policy_id)
    for grid in grids_of(policy):
        placed = [figure.row.key for row in grid.rows for figure in row.total]
        placed += [figure.row.key for row in grid.rows for cell in row.cells for figure in cell.figures]
        placed += [figure.row.key for figure in grid.apart]
        assert sorted(placed) == sorted(row.key for row in policy.requirements if row.profile == grid.profile.id)
        assert all(sum(cell.span for cell in row.cells) == len(grid.columns) for row in grid.rows)


def test_offsets_go_one_way() -> None:
    """CL-07 … CL-10: national to city and district, city to district, a degree to three categories anywhere."""
    rows = matrix_of(shipped_policy("shanghai-2016"))
    degree = "师德、素养、知识与技能"
    assert {row.label: [cell.words for cell in row.cells] for row in rows} == {
        "国家级": ["", "同类别", "同类别", ""],
        "市级": ["", "", "同类别", ""],
        "区级": ["", "", "", ""],
        "校级": ["", "", "", ""],
        "学历进修": ["", degree, degree, degree],
    }


@pytest.mark.parametrize("policy_id", shipped_ids())
def test_every_worked_case_agrees_with_what_is_computed(policy_id: str) -> None:
    cases = worked_cases(shipped_policy(policy_id))
    assert [case.name for case in cases if not case.agrees] == []


@pytest.mark.parametrize("policy_id", shipped_ids())
def test_an_article_marked_as_a_rule_shows_what_rests_on_it(policy_id: str) -> None:
    policy = shipped_policy(policy_id)
    rules = [article.id for article in policy.articles.values() if article.kind == "rule"]
    assert [article for article in rules if not rules_of_article(policy, article, None)] == []


def test_conversions_say_what_they_are_for_and_no_more_than_the_text_says() -> None:
    policy = shipped_policy("zhejiang-2016")
    shown = [(conversion_name(policy, rule), conversion_words(rule)) for rule in policy.conversions.values()]
    assert shown == [
        ("知识与技能、师德、素养、实践", "每 1 学时记 1 学分"),
        ("新任校（园）长任职资格培训按50%计入教师周期", "每 2 学时记 1 学分"),
    ]
    course = shipped_policy("shanghai-2016").conversions["course-hours"]
    assert conversion_words(course) == "45 分钟为 1 学时，以 4 学时为计量单位，每 10 学时记 1 学分"


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [(36500, "天", "365"), (2150, "%", "21.5"), (320000, "人", "3200"), (5000, "学时", "50.00")],
)
def test_only_credits_and_hours_carry_two_decimals(value: int, unit: str, text: str) -> None:
    assert measured(value, unit) == text


def test_the_least_of_all_minima_is_said_in_words() -> None:
    """一.2: some credits of ethics and literacy are asked, and no number is given."""
    assert (demanded(1, "学分"), demanded(100, "学分")) == ("有即可", "1.00 学分")

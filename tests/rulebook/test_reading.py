"""The reading of shanghai-2016 in single figures: least totals, switches, reductions, a district's choices."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from rulebook.parameters import BadChoices, LocalChoices, parse_choices, parse_choices_text
from rulebook.profiles import BadProfiles
from tests.rulebook.credits import ARTICLE, POLICY, complete_teacher, entry, judged, short, teacher
from tests.rulebook.population import RANGES

# credit-engine §9, last paragraphs; PR-02, PR-08, PR-10, PR-11, PR-13 … PR-16, PR-20.
LEAST_TOTALS = {
    "teacher": "36",
    "": "36",
    "pd_school": "36",
    "vocational": "36",
    "teacher;senior": "54",
    "teacher;college_head": "40",
    "teacher;class_teacher;middle_manager": "38",
    "teacher;class_teacher": "36",
    "pd_school;class_teacher": "37",
    "pd_school;middle_manager": "43",
    "principal": "36",
    "principal_designate": "30",
    "probation": "12",
    "teacher;trainer;dual_qualified": "36",
}


@pytest.mark.parametrize(("profiles", "least"), LEAST_TOTALS.items(), ids=lambda value: value or "none named")
def test_least_total_of_someone_who_has_nothing(profiles: str, least: str) -> None:
    standing = judged(teacher(*filter(None, profiles.split(";"))))
    assert (standing.met, standing.shortfall) == (False, int(least) * 100)


def test_exactly_thirty_six_credits_meet_everything() -> None:
    """PR-02 … PR-06, PR-09."""
    standing = judged(teacher(), complete_teacher())
    assert (standing.met, standing.shortfall, standing.total_counted, short(standing)) == (True, 0, 3600, {})


@pytest.mark.parametrize("missing", range(12))
def test_each_of_those_entries_is_needed(missing: int) -> None:
    facts = complete_teacher()
    del facts[missing]
    assert not judged(teacher(), facts).met


def test_two_bases_are_an_error() -> None:
    with pytest.raises(BadProfiles, match="two bases"):
        judged(teacher("teacher", "principal"))
    with pytest.raises(BadProfiles, match="unknown profile"):
        judged(teacher("astronaut"))


# --- switches -------------------------------------------------------------------------------------------------------


def test_autonomous_credits_stay_out_of_the_levels_unless_switched_on() -> None:
    """AMB-04: 31 credits at the levels and 5 autonomous ones; in their category always, in their level by choice."""
    facts = [fact for fact in complete_teacher() if (fact.category, fact.credits) != ("practice", 1100)]
    facts += [entry("school/practice", 9), entry("school/practice:autonomous", 2)]
    apart, counted = judged(teacher(), facts), judged(teacher(), facts, local=_switch(autonomous_in_level=True))
    assert (apart.met, counted.met) == (True, True)
    facts = [fact for fact in facts if (fact.category, fact.credits) != ("ethics", 200)]
    facts += [entry("district/ethics:autonomous", 2)]
    apart, counted = judged(teacher(), facts), judged(teacher(), facts, local=_switch(autonomous_in_level=True))
    assert short(apart) == {"district": 200, "district.ethics_literacy": 200}
    assert short(counted) == {"district.ethics_literacy": 200}


def test_counted_in_their_level_the_least_total_is_still_36() -> None:
    """§9: "counted in their level they still give 36"."""
    assert judged(teacher(), local=_switch(autonomous_in_level=True)).shortfall == 3600


def test_all_autonomous_study_in_a_professional_development_school_is_school_level() -> None:
    """PR-09, AMB-08."""
    recorded = {
        level: judged(teacher("pd_school"), [entry(f"{level}/practice:autonomous", 5)])
        for level in ("national", "city", "district", "school")
    }
    for standing in recorded.values():
        assert {"autonomous", "city_district"} & set(short(standing)) == {"city_district"}
        assert short(standing)["school"] == 2500
        assert short(standing)["school.practice"] == 1900


def test_released_people_may_turn_other_credits_into_practice_unless_the_district_forbids_it() -> None:
    """CL-03, 二.2."""
    facts = [fact for fact in complete_teacher() if (fact.category, fact.credits) != ("practice", 1100)]
    facts += [entry("school/knowledge", 11)]
    released = judged(teacher(released=True), facts)
    assert released.met
    assert [(move.source.path, move.target.path, move.article) for move in released.moves] == [
        ("school/knowledge", "school/practice", f"{ARTICLE}二.2")
    ]
    assert judged(teacher(), facts).shortfall == 900
    assert judged(teacher(released=True), facts, local=_switch(released_practice=False)).shortfall == 900


def _switch(**values: bool) -> dict[str, Any]:
    return {"switch": values}


# --- offsets --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("replaced", "by", "met"),
    [
        ("district/ethics", "city/ethics", True),
        ("district/ethics", "national/ethics", True),
        ("city/ethics", "national/ethics", True),
        ("city/ethics", "district/ethics", False),
        ("city/ethics", "school/ethics", False),
        ("school/ethics", "city/ethics", False),
        ("school/ethics", "national/ethics", False),
        ("school/ethics", "degree", True),
        ("district/ethics", "district/knowledge", False),
        ("school/practice", "degree", False),
        ("school/literacy", "school/ethics", False),
    ],
)
def test_one_way_offsets(replaced: str, by: str, met: bool) -> None:
    """CL-07, CL-08, CL-10, 三.1 … 三.4: what was earned elsewhere covers, or does not."""
    facts = complete_teacher()
    place = next(n for n, fact in enumerate(facts) if not fact.tags and f"{fact.level}/{fact.category}" == replaced)
    facts[place] = entry(by, facts[place].credits / 100)
    assert judged(teacher(), facts).met is met


def test_national_credits_reach_the_district() -> None:
    standing = judged(teacher(), [*complete_teacher()[:3], entry("national/ethics", 2), *complete_teacher()[4:]])
    assert standing.met
    assert [(move.source.path, move.target.path, move.credits) for move in standing.moves] == [
        ("national/ethics", "district/ethics", 200)
    ]
    assert standing.moves[0].article.split(";") == [f"{ARTICLE}三.1", f"{ARTICLE}三.2"]


def test_it_tags_are_lost_in_a_move_and_class_teacher_tags_stay() -> None:
    """§9 "Moves"."""
    facts = [fact for fact in complete_teacher() if "it_specialised" not in fact.tags]
    moved = judged(teacher(), [*facts, entry("city/knowledge", 3, "it_specialised")])
    assert (moved.shortfall, short(moved)["district.it_specialised"]) == (300, 300)
    person = teacher("teacher", "class_teacher")
    assert judged(person, [*complete_teacher(), entry("national/practice", 3, "class_teacher")]).met
    assert not judged(person, [*complete_teacher(), entry("district/practice:autonomous", 3, "class_teacher")]).met


def test_the_practice_of_one_person_is_no_other_persons_degree() -> None:
    """CL-10, 三.4: a degree covers ethics, literacy and knowledge, never practice, and nothing chains from it."""
    assert (
        judged(teacher(released=True), [entry("degree", 60)]).shortfall
        == judged(teacher(), [entry("degree", 60)]).shortfall
    )


# --- seniors, principals, probation ---------------------------------------------------------------------------------


def test_the_senior_eighteen_come_on_top() -> None:
    """PR-13, 一.7: credits with a senior tag count in the two senior minima and in no other."""
    person = teacher("teacher", "senior")
    assert judged(person, [*complete_teacher(), entry("school/practice", 18, "senior_core")]).met
    assert short(judged(person, [*complete_teacher(), entry("school/practice", 18, "senior")])) == {"senior_core": 1400}
    untagged = [fact for fact in complete_teacher() if "it_general" not in fact.tags]
    tagged = [*untagged, entry("city/knowledge", 100, "senior_core", "it_general")]
    assert short(judged(person, tagged))["city.it_general"] == 100
    assert judged(teacher(), tagged).met


def test_principal_credits_cover_teacher_credits_never_the_reverse() -> None:
    """PR-14, CL-09, 三.3."""
    facts = [entry("city/knowledge", 20, "release"), entry("district/ethics", 16, "principal")]
    assert judged(teacher("principal"), facts).met
    assert (
        judged(teacher("teacher"), facts).shortfall
        == judged(teacher("teacher"), [entry("city/knowledge", 20), entry("district/ethics", 16)]).shortfall
    )
    assert judged(teacher("principal"), complete_teacher()).shortfall == 3600


def test_probation_credits_count_for_nothing_else() -> None:
    """PR-10, AMB-05."""
    facts = [entry("school/practice", 12, "probation")]
    assert judged(teacher("probation"), facts).met
    assert judged(teacher(), facts).shortfall == 3600
    assert judged(teacher("probation"), [entry("school/practice", 12)]).shortfall == 1200


# --- reductions -----------------------------------------------------------------------------------------------------

REDUCED = {"switch": {"reduction_by_entry_year": True}}


@pytest.mark.parametrize(
    ("year", "share", "total"),
    [(2015, 1, 36), (2016, 1, 36), (2017, "4/5", 29), (2018, "3/5", 22), (2019, "2/5", 14.5), (2020, "1/5", 7.5)],
)
def test_minima_fall_with_the_year_of_entry(year: int, share: Any, total: float) -> None:
    """PR-17, AMB-07: exactly, and only the total is rounded up to half a credit (28.8 → 29, 21.6 → 22, 14.4 → 14.5)."""
    standing = judged(teacher(entered_on=date(year, 9, 1)), local=REDUCED)
    needs = {row.id: row.exact_need for row in standing.requirements}
    assert needs["total"] == total * 100 == standing.shortfall
    for row in POLICY.requirements:
        if row.profile == "teacher" and row.kind == "cycle" and row.id != "total":
            assert needs[row.id] == row.minimum * Fraction(share), row.id


def test_reductions_are_off_unless_a_district_switches_them_on() -> None:
    assert judged(teacher(entered_on=date(2020, 9, 1))).shortfall == 3600


def test_senior_minima_fall_with_the_year_of_promotion() -> None:
    """一.11: promoted in 2019, two fifths of 18 and 14; the other minima stay."""
    standing = judged(teacher("teacher", "senior", senior_on=date(2019, 7, 1)), local=REDUCED)
    needs = {row.id: row.exact_need for row in standing.requirements}
    assert (needs["senior"], needs["senior_core"], needs["total"]) == (720, 560, 3600)


def test_a_fraction_of_a_hundredth_is_never_understated() -> None:
    """0.01 × 4/5 of a professional-development school: judged exactly, shown rounded up."""
    row = next(
        row
        for row in judged(teacher("pd_school", entered_on=date(2017, 9, 1)), local=REDUCED).requirements
        if row.id == "city_district.ethics_literacy"
    )
    assert (row.exact_need, row.need, row.short) == (Fraction(4, 5), 1, 1)


def test_a_district_may_write_its_own_table_of_reductions() -> None:
    local = {**REDUCED, "reduction": {"entry": {"2019": 0.5}}}
    assert judged(teacher(entered_on=date(2019, 9, 1)), local=local).shortfall == 1800
    assert judged(teacher(entered_on=date(2018, 9, 1)), local=local).shortfall == 2200


# --- what a district may choose -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("profile", "name"), RANGES)
def test_a_minimum_may_be_raised_within_its_range_and_no_further(profile: str, name: str) -> None:
    """PR-18, AMB-01."""
    low, high = RANGES[profile, name]
    key = f"{profile}/{name}"
    for amount in (low, high, (low + high) // 2):
        assert parse_choices(POLICY, {"minimum": {key: amount / 100}}).minimum == {key: amount}
    for amount in (low - 1, high + 1):
        with pytest.raises(BadChoices) as refused:
            parse_choices(POLICY, {"minimum": {key: f"{amount / 100:.2f}"}})
        assert [error.key for error in refused.value.errors] == [key]
        assert refused.value.errors[0].article.startswith(ARTICLE)
        assert f"{low / 100:.2f}" in refused.value.errors[0].message


def test_every_fixed_minimum_is_refused_when_changed() -> None:
    fixed = [row.key for row in POLICY.requirements if (row.profile, row.id) not in RANGES]
    with pytest.raises(BadChoices) as refused:
        parse_choices(POLICY, {"minimum": dict.fromkeys(fixed, 400)})
    assert [error.key for error in refused.value.errors] == fixed
    assert all(error.article for error in refused.value.errors)


def test_all_refused_choices_are_told_together() -> None:
    table = {
        "minimum": {
            "city": 8,
            "total": 30,
            "moon": 1,
            "district.knowledge": "ten",
            "knowledge": 12.345,
            "practice": True,
        },
        "switch": {"autonomous_in_level": "yes", "warp": True},
        "reduction": {"entry": {"2019": 2}, "nobody": {"2019": 0.5}},
        "extra": {},
    }
    with pytest.raises(BadChoices) as refused:
        parse_choices(POLICY, table)
    errors = {error.key: error for error in refused.value.errors}
    assert set(errors) == {
        "city", "total", "moon", "district.knowledge", "knowledge", "practice",
        "autonomous_in_level", "warp", "reduction.entry.2019", "reduction.nobody", "extra",
    }  # fmt: skip
    assert errors["city"].article == f"{ARTICLE}一.1"
    assert errors["autonomous_in_level"].article == f"{ARTICLE}一.3"
    assert errors["reduction.entry.2019"].article == f"{ARTICLE}一.11"
    assert "4.00" in errors["city"].message
    assert "7.00" in errors["city"].message


def test_a_choice_is_named_plainly_or_with_its_profile() -> None:
    """§7: requirement ids of the example; ``profile/id`` reaches the other bases."""
    local = parse_choices_text(
        POLICY,
        '[minimum]\n"city" = 5\n"district.knowledge" = 10.5\n"pd_school/school.practice" = 20\n'
        "[switch]\nautonomous_in_level = false\nreduction_by_entry_year = false\nreleased_practice = true\n",
    )
    assert local.minimum == {
        "teacher/city": 500, "teacher/district.knowledge": 1050, "pd_school/school.practice": 2000
    }  # fmt: skip


def test_the_narrower_layer_wins() -> None:
    """PR-18: city, then district, then school."""
    wider = LocalChoices(minimum={"teacher/city": 500, "teacher/school": 1600}, switch={"released_practice": False})
    narrower = LocalChoices(minimum={"teacher/city": 600})
    assert narrower.over(wider) == LocalChoices(
        minimum={"teacher/city": 600, "teacher/school": 1600}, switch={"released_practice": False}
    )


def test_text_that_is_no_toml_is_refused() -> None:
    with pytest.raises(BadChoices):
        parse_choices_text(POLICY, "[minimum")


def test_highest_minima_still_fit_together() -> None:
    """Every range at its high end (AMB-01, AMB-03): 7 + 14, the school's parts 5 + 2 + 12, and 5 autonomous."""
    local = {"minimum": {f"{profile}/{name}": high / 100 for (profile, name), (_, high) in RANGES.items()}}
    assert judged(teacher(), local=local).shortfall == 4500

"""A policy folder that is wrong is refused with every mistake, its file and its key (PR-18, policies as data)."""

from datetime import date
from pathlib import Path

import pytest

from rulebook.policy import (
    PolicyErrors,
    digest_of,
    folder_texts,
    load_folder,
    load_texts,
    shipped_folder,
    shipped_ids,
    shipped_policy,
)
from tests.rulebook.mutations import MUTATIONS, A, Q, R
from tests.rulebook.small_policy import RULES, TEXTS, with_change


def test_the_small_policy_itself_is_valid() -> None:
    policy = load_texts(TEXTS)
    assert [row.key for row in policy.requirements] == [
        "teacher/total", "teacher/county", "teacher/yearly", "teacher/it_hours",
    ]  # fmt: skip


@pytest.mark.parametrize("name", MUTATIONS)
def test_one_mistake_is_named_with_its_file_and_key(name: str) -> None:
    file, old, new, key = MUTATIONS[name]
    with pytest.raises(PolicyErrors) as refused:
        load_texts(with_change(file, old, new))
    told = [(error.file, error.key) for error in refused.value.errors]
    assert any(where == file and named.startswith(key) for where, named in told), refused.value
    assert all(error.message for error in refused.value.errors)


def test_all_mistakes_are_told_at_once() -> None:
    texts = with_change("articles.toml", 'title = "折算"\n', "")
    for old, new in (
        ('minimum = "8"', 'minimum = "eight"'),
        ("cycle_years = 5", 'cycle_years = "five"'),
        ('kind = "yearly"', 'kind = "monthly"'),
        ('chooser = "district"', 'chooser = "district"\ncolour = "red"'),
    ):
        texts[R] = texts[R].replace(old, new)
    texts[Q] = texts[Q].replace("办法:一", "办法:九")
    with pytest.raises(PolicyErrors) as refused:
        load_texts(texts)
    assert sorted((error.file, error.key) for error in refused.value.errors) == [
        (Q, "ambiguity[AMB-01].article"),
        (A, "article[county-2016:办法:二].title"),
        (R, "policy.cycle_years"),
        (R, "requirement[county].minimum"),
        (R, "requirement[yearly].kind"),
        (R, "switch[easier].colour"),
    ]


def test_terms_nobody_can_count() -> None:
    """A conversion by sessions says how many and how long."""
    for lacking in ("sessions", "session_minutes"):
        given = {"sessions": 10, "session_minutes": 120}
        del given[lacking]
        lines = "".join(f"{key} = {value}\n" for key, value in given.items())
        old = 'kind = "blocks"\ncategory = ["ethics", "practice"]\nblock_hours = "4"\nhours_per_credit = "10"\n'
        new = f'kind = "sessions"\ncategory = ["practice"]\n{lines}'
        with pytest.raises(PolicyErrors) as refused:
            load_texts(with_change(R, old, new))
        assert [error.key for error in refused.value.errors] == [f"conversion[hours].{lacking}"]


def test_local_choices_that_come_with_a_policy_are_checked() -> None:
    """A county's own values are refused where they leave the range."""
    load_texts({**TEXTS, "local/east.toml": '[minimum]\n"county" = 9\n'})
    with pytest.raises(PolicyErrors) as refused:
        load_texts({**TEXTS, "local/east.toml": '[minimum]\n"county" = 99\n"moon" = 1\n'})
    assert {error.file for error in refused.value.errors} == {"local/east.toml"}
    assert len(refused.value.errors) == 2


@pytest.mark.parametrize("file", [A, R])
def test_a_missing_file(file: str) -> None:
    with pytest.raises(PolicyErrors) as refused:
        load_texts({name: text for name, text in TEXTS.items() if name != file})
    assert file in {error.file for error in refused.value.errors}


def test_a_file_that_does_not_belong() -> None:
    with pytest.raises(PolicyErrors) as refused:
        load_texts({**TEXTS, "notes.toml": ""})
    assert [error.file for error in refused.value.errors] == ["notes.toml"]


def test_a_folder_is_its_texts(tmp_path: Path) -> None:
    for name, text in TEXTS.items():
        (tmp_path / name).write_text(text, "utf-8")
    assert load_folder(tmp_path) == load_texts(TEXTS)


def test_the_digest_changes_with_any_letter() -> None:
    """Two policies with one digest are the same to the letter, names and order of files included."""
    first = digest_of(TEXTS)
    assert load_texts(TEXTS).digest == first == digest_of(dict(reversed(TEXTS.items())))
    seen = {first}
    for name, text in TEXTS.items():
        for place in range(0, len(text), 37):
            seen.add(digest_of({**TEXTS, name: text[:place] + chr(ord(text[place]) ^ 1) + text[place + 1 :]}))
        seen.add(digest_of({**TEXTS, name: text + " "}))
    seen.add(digest_of({**TEXTS, "cases.toml": ""}))
    seen.add(digest_of({**TEXTS, R: RULES + "x", Q: TEXTS[Q][1:]}))
    count = sum(len(range(0, len(text), 37)) + 1 for text in TEXTS.values())
    assert len(seen) == count + 3


@pytest.mark.parametrize("policy_id", shipped_ids())
def test_shipped_policies_load_from_their_texts(policy_id: str) -> None:
    """A stored version (a row of texts) is the same policy as the folder it came from."""
    texts = folder_texts(shipped_folder(policy_id))
    assert load_texts(texts) == shipped_policy(policy_id)
    assert shipped_policy(policy_id).id == policy_id


def test_an_unknown_shipped_policy() -> None:
    with pytest.raises(KeyError, match="known: "):
        shipped_policy("atlantis-2016")


def test_cycles_follow_each_other_while_the_policy_is_valid() -> None:
    """PR-01: five years, both days included; outside the validity the nearest cycle stays in force."""
    policy = load_texts(with_change(R, "valid_until = 2021-01-01", "valid_until = 2026-01-01"))
    found = {
        day: policy.cycle_of(day).id
        for day in (date(2014, 1, 1), date(2016, 1, 1), date(2020, 12, 31), date(2021, 1, 1), date(2030, 1, 1))
    }
    assert list(found.values()) == ["2016-2020", "2016-2020", "2016-2020", "2021-2025", "2021-2025"]
    assert policy.cycle_of(date(2021, 1, 1)).starts_on == date(2021, 1, 1)

"""No rule without an article, no rule article without a rule and a worked case, no citation of nothing."""

import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest

from rulebook.policy import Policy, PolicyErrors, folder_texts, load_texts, shipped_folder, shipped_policies
from tests.policies.worked import every_worked

ROOT = Path(__file__).resolve().parents[2]
POLICIES = shipped_policies()
SOURCES = [
    path for name in ("src", "docs") for path in (ROOT / name).rglob("*") if path.suffix in (".py", ".html", ".md")
]
CITATION = re.compile(r"(?:[a-z]+-)+\d{4}:[\w“”]+:[\w()·.-]*\w\)?")
AMBIGUITY = re.compile(r"AMB-\d\d")
ANHUI_ONLY = {f"AMB-{number}" for number in range(20, 29)}  # the register's rows on the Anhui national plan
# Rows of the requirements that the articles of these policies carry.
CARRIED = (
    *(f"PR-{number:02d}" for number in (*range(1, 18), 20, 21, 22, 23, 25, 28, 29, 30, 31, 32)),
    *(f"CL-{number:02d}" for number in range(1, 13)),
)


def judging_rows(policy: Policy) -> Iterator[tuple[str, str]]:
    """Everything that computes or enforces, as (what it is, its article)."""
    kinds = {
        "profile": policy.profiles.values(),
        "requirement": policy.requirements,
        "switch": policy.switches.values(),
        "reduction": policy.reductions.values(),
        "move": policy.moves,
        "conversion": policy.conversions.values(),
        "fixed_award": policy.awards.values(),
        "layer": policy.layers.values(),
        "local_table": policy.local_tables.values(),
    }
    for kind, rows in kinds.items():
        for row in rows:
            yield f"{kind} {row.id}", row.article
    for row in chain(policy.reserved, policy.treats, policy.kept_tags, policy.account_covers):
        yield str(row), row.article


@pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES.keys())
def test_every_rule_rests_on_a_rule_article(policy: Policy) -> None:
    kinds = {what: policy.articles[article].kind for what, article in judging_rows(policy)}
    assert {what: kind for what, kind in kinds.items() if kind != "rule"} == {}


@pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES.keys())
def test_every_rule_article_has_a_rule(policy: Policy) -> None:
    ruled = {article for _, article in judging_rows(policy)}
    assert {row.id for row in policy.articles.values() if row.kind == "rule"} == ruled


@pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES.keys())
def test_every_rule_article_has_a_worked_case(policy: Policy) -> None:
    cited = set(chain.from_iterable(example.articles for example in every_worked() if example.policy is policy))
    assert {row.id for row in policy.articles.values() if row.kind == "rule"} == cited


@pytest.mark.parametrize("policy_id", ["shanghai-2016", "shanghai-2021"])
def test_principal_credits_cover_teacher_credits_and_never_the_reverse(policy_id: str) -> None:
    """Measures 三.3: a principal's rows ask for her tags, and her tags are kept from nobody else's rows."""
    policy = POLICIES[policy_id]
    rows = [row for row in policy.requirements if row.profile == "principal" and row.kind == "cycle"]
    assert {row.id: row.counts.tags for row in rows} == {"total": ("principal", "release"), "release": ("release",)}
    assert not {"principal", "release"} & set(chain.from_iterable(row.tags for row in policy.reserved))
    assert [(row.entries_of, row.count_in) for row in policy.account_covers] == [("principal", "teacher")]


@pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES.keys())
def test_articles_are_whole(policy: Policy) -> None:
    for article in policy.articles.values():
        assert article.id.startswith(f"{policy.id}:{article.document}:")
        assert article.title
        assert article.text
        assert not re.search(r"[一-鿿][,;:?!]|[,;:?!][一-鿿]", article.text), f"{article.id}: half-width marks"


def test_the_requirements_are_carried_by_articles() -> None:
    carried = set(
        chain.from_iterable(row.requirements for policy in POLICIES.values() for row in policy.articles.values())
    )
    assert all(re.fullmatch(r"[A-Z]{2}-\d\d", row) for row in carried)
    assert [row for row in CARRIED if row not in carried] == []


@pytest.mark.parametrize(
    "table",
    [
        "profile",
        "requirement",
        "switch",
        "reduction",
        "reserved",
        "treat",
        "move",
        "kept_tags",
        "account_cover",
        "conversion",
        "fixed_award",
        "layer",
        "local_table",
    ],
)
def test_a_rule_without_an_article_is_refused(table: str) -> None:
    texts = folder_texts(shipped_folder("shanghai-2016"))
    first = re.compile(rf'(\[\[{table}\]\]\n(?:(?!\[\[).*\n)*?)article = ".*"\n')
    texts["rules.toml"], changed = first.subn(r"\1", texts["rules.toml"], count=1)
    assert changed == 1
    with pytest.raises(PolicyErrors) as caught:
        load_texts(texts)
    assert [error.key.rpartition(".")[2] for error in caught.value.errors] == ["article"]


@pytest.mark.parametrize("file", ["rules.toml", "ambiguities.toml"])
def test_a_citation_of_nothing_is_refused(file: str) -> None:
    texts = folder_texts(shipped_folder("shanghai-2016"))
    texts[file] = texts[file].replace('学分管理办法:一.1"', '学分管理办法:一.99"', 1)
    with pytest.raises(PolicyErrors) as caught:
        load_texts(texts)
    assert [(error.file, error.key.rpartition(".")[2]) for error in caught.value.errors] == [(file, "article")]


def test_citations_in_code_pages_and_documents_exist() -> None:
    known = {article for policy in POLICIES.values() for article in policy.articles}
    cited = {
        (str(path.relative_to(ROOT)), found) for path in SOURCES for found in CITATION.findall(path.read_text("utf-8"))
    }
    assert cited, "the pattern finds nothing: a check that cannot fail"
    assert sorted((file, found) for file, found in cited if found not in known) == []


def test_ambiguities_named_in_code_are_in_the_data() -> None:
    known = {row for policy in POLICIES.values() for row in policy.ambiguities} | ANHUI_ONLY
    named = {
        (str(path.relative_to(ROOT)), found) for path in SOURCES for found in AMBIGUITY.findall(path.read_text("utf-8"))
    }
    assert sorted((file, found) for file, found in named if found not in known) == []

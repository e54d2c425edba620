"""What a posting must satisfy before it is written; sentences for people, shared by actions, bulk and imports.

Which levels, categories, forms and tags exist is the policy's word; here they need only be well-formed identifiers.
"""

import re
from datetime import date
from functools import lru_cache

from rulebook.facts import EntryFacts
from shixun.ledger.choices import DEGREE
from shixun.ledger.content import Posting, Recognition, Source

_IDENTIFIER = re.compile(r"[a-z][a-z0-9_-]{0,31}\Z", re.ASCII)
_FORM = re.compile(r"[a-z][a-z0-9_-]{0,15}\Z", re.ASCII)
_KEY = re.compile(r"[\x21-\x7e]{1,120}\Z", re.ASCII)
_MOST = 100_000_000
_TAGS_LENGTH = 200


def problems_of_posting(posting: Posting, *, on: date) -> list[str]:
    """Every reason not to post on this day, as sentences in Chinese; empty when it may be posted (CL-18)."""
    facts = posting.facts
    return (
        problems_of_key(posting.key)
        + _problems_of_place(facts.level, facts.category, facts.form, facts.tags)
        + _problems_of_amounts(facts)
        + _problems_of_source(posting.source)
        + _problems_of_recognition(facts, posting.recognition, on)
        + _problems_of_day(posting)
    )


def problems_of_key(key: str) -> list[str]:
    """An idempotency key is 1 to 120 visible ASCII characters."""
    return [] if _KEY.match(key) else [f"登记号“{key}”不可用：应为 1 至 120 个可见的英文字符。"]


# Places and sources come back thousands of times in a batch.
@lru_cache(maxsize=4_096)
def _problems_of_place(level: str, category: str, form: str, tags: frozenset[str]) -> list[str]:
    problems = []
    if form == DEGREE:
        if level or category:
            problems.append("学历进修的学分不写层级和类别，由冲抵时确定。")
    elif not _FORM.match(form):
        problems.append(f"形式“{form}”须填写，并用政策文件中的标识。")
    elif not (_IDENTIFIER.match(level) and _IDENTIFIER.match(category)):
        problems.append(f"层级“{level}”和类别“{category}”都须填写，并用政策文件中的标识。")
    problems += [f"标记“{tag}”不是可用的标识。" for tag in sorted(tags) if not _IDENTIFIER.match(tag)]
    if sum(map(len, tags)) + len(tags) > _TAGS_LENGTH:
        problems.append(f"标记过多，合计不得超过 {_TAGS_LENGTH} 个字符。")
    return problems


def _problems_of_amounts(facts: EntryFacts) -> list[str]:
    if 0 <= facts.credits <= _MOST and 0 <= facts.hours <= _MOST and 0 <= facts.days <= _MOST:
        return [] if facts.credits or facts.hours or facts.days else ["学分、学时、天数至少有一项大于零。"]
    amounts = (("学分", facts.credits), ("学时", facts.hours), ("天数", facts.days))
    problems = [f"{name}不得小于零；要减少已登记的，请作更正。" for name, amount in amounts if amount < 0]
    return problems + [f"{name}过大。" for name, amount in amounts if amount > _MOST]


@lru_cache(maxsize=4_096)
def _problems_of_source(source: Source) -> list[str]:
    problems = [] if _IDENTIFIER.match(source.kind) else [f"来源类型“{source.kind}”不是可用的标识。"]
    if not 1 <= len(source.name.strip()) <= 200:
        problems.append("来源名称须填写，且不超过 200 个字。")
    return problems


def _problems_of_recognition(facts: EntryFacts, recognition: Recognition, on: date) -> list[str]:
    problems = []
    if recognition.on < facts.earned_on:
        problems.append(f"认定日期 {recognition.on} 早于取得日期 {facts.earned_on}。")
    if recognition.on > on:
        problems.append(f"认定日期 {recognition.on} 还没有到（今天是 {on}）。")
    if len(recognition.decision) > 64:
        problems.append("认定决定的编号不超过 64 个字符。")
    return problems


def _problems_of_day(posting: Posting) -> list[str]:
    account, day = posting.account, posting.facts.earned_on
    if account.starts_on <= day <= account.ends_on:
        return []
    return [f"取得日期 {day} 不在账户周期 {account.starts_on} 至 {account.ends_on} 之内。"]

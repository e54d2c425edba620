"""学分明细: an account like a bank's statement, with running total, filters, print and export of what is shown."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from rulebook.policy import Policy
from shixun.kernel import clock
from shixun.kernel.access import acting, require
from shixun.kernel.filters import Choice, DateRange, Text
from shixun.kernel.listing import Column, Empty, ListPage
from shixun.kernel.refusals import Refusal
from shixun.ledger.queries import accounts_of, statement, tagged, totals_of
from shixun.people.models import Person
from shixun.people.queries import appointments_of
from shixun.policy.queries import policy_in_force
from shixun.standing.permissions import can_see_own_standing, can_see_standing
from shixun.standing.views.reading import Reader, found_person


@require(can_see_own_standing)
def own_statement(request: HttpRequest) -> HttpResponseBase:
    """The reader's own statement."""
    return _page(request, Reader(acting(request).person, is_own=True))


def _person(uuid: UUID) -> Person:
    return found_person(uuid)


@require(can_see_standing, find=_person)
def person_statement(request: HttpRequest, person: Person) -> HttpResponseBase:
    """A teacher's statement, for her officers."""
    return _page(request, Reader(person, is_own=False))


def _page(request: HttpRequest, reader: Reader) -> HttpResponseBase:
    accounts = list(accounts_of(reader.person))
    if not accounts:
        return render(request, "standing/statement_none.html", {"reader": reader})
    account = _chosen(accounts, request.GET.get("account", ""), clock.today())
    policy = policy_of_person(reader.person, min(account.ends_on, clock.today()))
    totals = totals_of(account)
    context = {
        "reader": reader,
        "accounts": accounts,
        "account": account,
        "policy": policy,
        "credits": sum(cell.credits for cell in totals),
        "hours": sum(cell.hours for cell in totals),
        "lines": sum(cell.lines for cell in totals),
    }
    page = ListPage(
        rows=statement(account),
        columns=_columns(policy, reader),
        default_sort="-earned_on",
        noun="条明细",
        file_name=f"学分明细_{reader.person.name}_{account.cycle}",
        empty=Empty(
            "这个账户还没有学分入账。",
            next="完成培训并经认定后，学分会逐条记在这里。",
            url=reader.standing_url,
            label="看还缺什么",
        ),
        filters=_filters(policy),
        keep=("account",),
    )
    return page.respond(request, "standing/statement.html", context)


def _chosen(accounts: list[Any], wanted: str, on: date) -> Any:
    """The account asked for, else the teacher's (or only) one whose cycle holds today, else the latest."""
    for account in accounts:
        if str(account.uuid) == wanted:
            return account
    current = [account for account in accounts if account.starts_on <= on <= account.ends_on]
    return next((account for account in current if account.kind == "teacher"), (current or accounts)[0])


def policy_of_person(person: Person, on: date) -> Policy:
    """The policy whose words name this person's entries. Raises ``Refusal`` for somebody who never held a post."""
    held = appointments_of(person).filter(valid_from__lte=on).first() or appointments_of(person).last()
    if held is None:
        raise Refusal(
            "这位教师还没有任职记录，无法确定适用哪一份政策。", who_can="所在学校的师训专管员可以登记任职。", status=409
        )
    return policy_in_force(held.organisation, on).policy


def _columns(policy: Policy, reader: Reader) -> tuple[Column, ...]:
    unit = policy.unit_label
    level, category, form = (_words(policy, name) for name in ("level", "category", "form"))
    return (
        Column("earned_on", "取得日期", "earned_on", kind="date", sort=("earned_on", "id"), bare=True),
        Column(
            "source",
            "来源",
            "source_name",
            sort=("source_name",),
            card="title",
            link=lambda row: reader.address("entry", entry=row.uuid),
        ),
        Column("level", "级别", level, sort=("level",), bare=True),
        Column("category", "类别", category, sort=("category",), bare=True),
        Column("form", "形式", form, sort=("form",), bare=True),
        Column("tags", "标签", lambda row: tag_words(policy, row.tags), bare=True),
        Column("hours", "学时", "hours", kind="amount", sort=("hours",)),
        Column("credits", unit, "credits", kind="amount", sort=("credits",), card="figure"),
        Column("recogniser", "认定机构", "recogniser.name"),
        Column("running", "累计", "running_credits", kind="amount", unit=unit, card="figure"),
    )


def _words(policy: Policy, name: str) -> Callable[[Any], str]:
    """What the policy calls an entry's level, category or form."""
    names = {"level": policy.levels, "category": policy.categories, "form": policy.forms}[name]
    return lambda row: names.get(getattr(row, name), getattr(row, name))


def tag_words(policy: Policy, tags: str) -> str:
    """``信息技术通识、班主任专题``; tags the policy does not know stay as they are."""
    return "、".join(policy.tags.get(tag, tag) for tag in tags.split(";") if tag)


def _filters(policy: Policy) -> tuple[Any, ...]:
    return (
        DateRange("earned", "取得日期", field="earned_on"),
        Choice("level", "级别", options=list(policy.levels.items())),
        Choice("category", "类别", options=list(policy.categories.items())),
        Choice("form", "形式", options=list(policy.forms.items())),
        Choice("tag", "标签", options=list(policy.tags.items()), narrow=lambda rows, value: rows.filter(tagged(value))),
        Text("q", "来源", fields=("source_name",), placeholder="课程或项目名称"),
    )

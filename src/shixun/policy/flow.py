"""备案: a district's rules go to the area that adopted the policy, and come into force once filed (PR-18, CL-12)."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from rulebook.parameters import NO_CHOICES
from shixun.approvals.flows import Flow, Level, Line, State, Transition, register_flow
from shixun.approvals.models import Case
from shixun.kernel.refusals import Refusal
from shixun.kernel.templatetags.formats import day
from shixun.people.acting import Actor
from shixun.people.choices import Role
from shixun.people.models import Organisation
from shixun.policy.actions.filing import check_filing, file_in_force, note_submission, note_taken_back, window_for
from shixun.policy.permissions import can_set_local_rules
from shixun.policy.queries import newest_policies
from shixun.policy.queries.choices import usable
from shixun.policy.queries.filings import FILING, filing_address, filing_place, proposal_of
from shixun.policy.tables.choices import differences_by_key
from shixun.policy.tables.filing import filing_context


def register() -> None:
    """Called once at start-up."""
    register_flow(FLOW)


def _check(*, case: Case, transition: Transition, actor: Actor, at: datetime) -> None:
    if transition.key in ("submit", "approve"):
        check_filing(case)
    if transition.key == "submit":
        window_for(case, at)


def _applicant(case: Case, actor: Actor) -> bool:
    return can_set_local_rules(actor, case.organisation)


def _place(case: Case) -> Organisation | None:
    return filing_place(case.organisation)


def _lines(content: Mapping[str, Any]) -> Iterator[Line]:
    """What a proposal says: its day, its reason, and every choice it makes, so that revisions can be compared."""
    yield Line("valid_from", "施行日期", day(date.fromisoformat(content["valid_from"])))
    yield Line("reason", "理由", content["reason"])
    policy = newest_policies().get(content["policy"])
    if policy is None:
        return
    chosen = usable(policy, content["choices"], "district")[0]
    for key, change in differences_by_key(policy, NO_CHOICES, chosen):
        yield Line(key, change.name, change.after)


def _must_be_known(*, case: Case, actor: Actor, at: datetime) -> None:
    if proposal_of(case) is None:
        raise Refusal("这份备案所依据的政策已不在平台上，不能备案。", status=409)
    file_in_force(case=case, actor=actor, at=at)


_TO_OTHERS = "退给区县修改后重新报送，规则不变。"
FLOW = Flow(
    key=FILING,
    title="本区规则备案",
    noun="本区规则",
    states=(
        State("draft", "草稿"),
        State("city_pending", "待备案", level="city"),
        State("returned", "退回补充", tone="need", days=15),
        State("refused", "不予备案", final=True, tone="short"),
        State("approved", "已备案", final=True, tone="met"),
        State("withdrawn", "已撤回", final=True),
    ),
    start="draft",
    transitions=(
        Transition("submit", "报送备案", sources=("draft", "returned"), target="city_pending", by="applicant",
                   effect="submitted"),
        Transition("approve", "同意备案", sources=("city_pending",), target="approved", effect="approved",
                   consequence="立即成为本区规则的新版本，自施行日期起计算学分完成情况；不能撤销，只能另行报送新的版本。"),
        Transition("return", "退回", sources=("city_pending",), target="returned", needs_reason=True,
                   consequence=_TO_OTHERS),
        Transition("refuse", "不予备案", sources=("city_pending",), target="refused", needs_reason=True,
                   consequence="这一次的改动不施行，规则不变。"),
        Transition("withdraw", "撤回", sources=("draft", "city_pending", "returned"), target="withdrawn",
                   by="applicant"),
    ),
    levels=(
        Level("city", roles=(Role.CITY_OFFICER,), days=10, title="备案机关", required=True, place=_place,
              escalates_to="province"),
        Level("province", roles=(Role.CITY_OFFICER,), days=10, title="省级"),
    ),
    effects={"approved": _must_be_known, "submitted": note_submission},
    undo_effects={"submitted": note_taken_back},
    check=_check,
    permission="policy.can_review_filing",
    applicant=_applicant,
    lines=_lines,
    render="policy/filing_case.html",
    context=filing_context,
    address=filing_address,
)  # fmt: skip

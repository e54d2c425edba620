"""The chains of the room: a claim from school to city with its appeal, taking credits back, paying a loan back."""

from collections.abc import Iterator, Mapping
from typing import Any

from shixun.approvals.flows import Flow, Level, Line, State, Transition, register_flow
from shixun.approvals.models import Case
from shixun.people.acting import Actor
from shixun.people.choices import OrganisationKind, Role
from shixun.people.models import Organisation
from shixun.people.queries import chain_of
from shixun.recognition import tables
from shixun.recognition.actions import deciding, reversing, sampling, years
from shixun.recognition.choices import CLAIM_FLOW, REPAYMENT_FLOW, REVERSAL_FLOW, YEAR_FLOW

SCHOOL = (Role.SCHOOL_OFFICER, Role.PRINCIPAL)
DISTRICT = (Role.REVIEWER, Role.DISTRICT_OFFICER)
CITY = (Role.RECOGNISER, Role.CITY_OFFICER)
_PENDING = ("school_pending", "district_pending", "host_pending", "city_pending")


def _in_chain(level: str) -> Any:
    def applies(case: Case) -> bool:
        """A level takes part if the kind's chain names it; who declares for a school is not asked to confirm it."""
        if level == "school" and case.content.get("declared_as") != "teacher":
            return False
        return level in case.content.get("chain", ())

    return applies


def _host(case: Case) -> Organisation | None:
    """The district where it was earned, where that is another one (CL-14)."""
    host = case.content.get("host")
    return Organisation.objects.filter(uuid=host).first() if host else None


def _district(case: Case) -> Organisation | None:
    return chain_of(case.organisation).filter(kind=OrganisationKind.DISTRICT).first()


def _city(case: Case) -> Organisation | None:
    return chain_of(case.organisation).filter(kind=OrganisationKind.CITY).first()


def _lines(content: Mapping[str, Any]) -> Iterator[Line]:
    for label, text in content.get("shown", {}).items():
        yield Line(label, label, str(text))


def _is_applicant(case: Case, actor: Actor) -> bool:
    """Beside her who declared: her colleagues in the same place, for whom nothing shall be stuck when she leaves."""
    declared_as = case.content.get("declared_as")
    is_colleague = actor.role in (SCHOOL if declared_as in SCHOOL else (Role.DISTRICT_OFFICER,))
    by_officer = declared_as in (*SCHOOL, Role.DISTRICT_OFFICER)
    return by_officer and is_colleague and actor.scope.holds(case.organisation.path)


CLAIM = Flow(
    key=CLAIM_FLOW,
    title="学分申报与认定",
    noun="学分申报",
    states=(
        State("draft", "待提交"),
        State("school_pending", "校级待审", level="school"),
        State("district_pending", "区县待审", level="district"),
        State("host_pending", "外区待确认", level="host"),
        State("city_pending", "市级待审", level="city"),
        State("returned", "退回补充", tone="need", days=30),
        State("school_refused", "校级不通过", final=True, tone="short"),
        State("district_refused", "区县不通过", final=True, tone="short"),
        State("city_refused", "市级不通过", final=True, tone="short"),
        State("district_appeal", "申诉待复核", level="district_appeal"),
        State("city_appeal", "申诉待市级复核", level="city_appeal"),
        State("dismissed", "申诉不成立", final=True, tone="short"),
        State("withdrawn", "已撤回", final=True),
        State("recognised", "学时认证完成", final=True, tone="met"),
    ),
    start="draft",
    transitions=(
        Transition("submit", "提交", sources=("draft", "returned"), target="school_pending", by="applicant"),
        Transition("school_pass", "校级通过", sources=("school_pending",), target="district_pending"),
        Transition("district_pass", "区县通过", sources=("district_pending",), target="host_pending"),
        Transition("host_confirm", "确认在本区学习", sources=("host_pending",), target="city_pending"),
        Transition(
            "recognise",
            "认定",
            sources=("city_pending",),
            target="recognised",
            effect="recognised",
            consequence="学分立即登记到账户；需要改变时另行更正。",
        ),
        Transition(
            "host_deny", "本区没有记录", sources=("host_pending",), target="district_pending", needs_reason=True
        ),
        Transition("return", "退回补充", sources=_PENDING, target="returned", needs_reason=True),
        Transition(
            "school_refuse", "校级不通过", sources=("school_pending",), target="school_refused", needs_reason=True
        ),
        Transition(
            "district_refuse", "区县不通过", sources=("district_pending",), target="district_refused", needs_reason=True
        ),
        Transition("city_refuse", "市级不通过", sources=("city_pending",), target="city_refused", needs_reason=True),
        Transition("withdraw", "撤回", sources=(*_PENDING, "returned"), target="withdrawn", by="applicant"),
        Transition(
            "appeal",
            "申诉",
            sources=("school_refused", "district_refused"),
            target="district_appeal",
            by="applicant",
            needs_reason=True,
            consequence="由没有办理过的另一位区县审核员复核，结论只作一次。",
        ),
        Transition(
            "appeal_city",
            "申诉",
            sources=("city_refused",),
            target="city_appeal",
            by="applicant",
            needs_reason=True,
            consequence="由没有办理过的另一位市级认定人员复核，结论只作一次。",
        ),
        Transition("uphold", "申诉成立，继续认定", sources=("district_appeal",), target="host_pending"),
        Transition(
            "uphold_city", "申诉成立，予以认定", sources=("city_appeal",), target="recognised", effect="recognised"
        ),
        Transition(
            "dismiss",
            "维持原结论",
            sources=("district_appeal", "city_appeal"),
            target="dismissed",
            needs_reason=True,
        ),
    ),
    levels=(
        Level("school", roles=SCHOOL, days=10, escalates_to="district", applies=_in_chain("school")),
        Level("district", roles=DISTRICT, days=20, escalates_to="city", required=True),
        Level("host", roles=DISTRICT, days=15, title="学习所在区县", place=_host),
        Level("city", roles=CITY, days=20, applies=_in_chain("city")),
        Level("district_appeal", roles=DISTRICT, days=15, title="区县复核", place=_district, required=True),
        Level("city_appeal", roles=CITY, days=15, title="市级复核", place=_city, required=True),
    ),
    effects={"recognised": deciding.post_recognised},
    check=deciding.check_move,
    many=sampling.refuse_many,
    undone=sampling.look_again,
    applicant=_is_applicant,
    lines=_lines,
    render="recognition/claims/case.html",
    context=tables.claim_case,
    address=tables.claim_address,
)


def _back(key: str, title: str, noun: str, level: Level, done: str) -> Flow:
    """A short chain at one level at whose end the entry of a claim is taken back."""
    return Flow(
        key=key,
        title=title,
        noun=noun,
        states=(
            State("draft", "待提交"),
            State("pending", "待决定", level=level.key),
            State("refused", "不同意", final=True, tone="short"),
            State("withdrawn", "已撤回", final=True),
            State("reversed", done, final=True, tone="met"),
        ),
        start="draft",
        transitions=(
            Transition("submit", "提出", sources=("draft",), target="pending", by="applicant"),
            Transition(
                "reverse",
                "同意",
                sources=("pending",),
                target="reversed",
                effect="reversed",
                consequence="账户里的这笔学分立即冲销；原明细和这笔更正都会留存。",
            ),
            Transition("refuse", "不同意", sources=("pending",), target="refused", needs_reason=True),
            Transition("withdraw", "撤回", sources=("pending",), target="withdrawn", by="applicant"),
        ),
        levels=(level,),
        effects={"reversed": reversing.reverse_posted},
        check=reversing.check_move,
        lines=_lines,
        render="recognition/claims/reversal_case.html",
        context=tables.reversal_case,
        address=tables.reversal_address,
        batch=False,
    )


REVERSAL = _back(REVERSAL_FLOW, "学分更正", "更正申请", Level("city", roles=CITY, days=20, required=True), "已更正")
REPAYMENT = _back(
    REPAYMENT_FLOW, "借贷归还", "归还申请", Level("district", roles=DISTRICT, days=20, required=True), "已归还"
)


YEAR = Flow(
    key=YEAR_FLOW,
    title="年度核对",
    noun="年度核对",
    states=(
        State("school_pending", "学校核对", level="school"),
        State("district_pending", "区县审定", level="district"),
        State("confirmed", "已审定", final=True, tone="met"),
    ),
    start="school_pending",
    transitions=(
        Transition("sign", "核对无误，上报区县", sources=("school_pending",), target="district_pending"),
        Transition(
            "confirm",
            "审定",
            sources=("district_pending",),
            target="confirmed",
            effect="confirmed",
            consequence="按当天的学分明细留存本校的年度数字，结果反馈学校；理由写给学校。",
        ),
        Transition("give_back", "退回学校", sources=("district_pending",), target="school_pending", needs_reason=True),
    ),
    levels=(
        Level("school", roles=SCHOOL, days=14, escalates_to="district", required=True),
        Level("district", roles=DISTRICT, days=14, escalates_to="city", required=True),
        Level("city", roles=CITY, days=14),
    ),
    effects={"confirmed": years.confirm_school},
    check=years.check_move,
    lines=_lines,
    render="recognition/years/case.html",
    context=tables.year_case,
    address=tables.year_address,
)


def register() -> None:
    """Called once at start-up."""
    for flow in (CLAIM, REVERSAL, REPAYMENT, YEAR):
        register_flow(flow)

"""What a change of an organisation must be; shared by the forms and the action."""

from datetime import date

from django.core.exceptions import ValidationError

from shixun.kernel.fields import in_force
from shixun.kernel.templatetags.formats import day
from shixun.people.choices import OrganisationKind
from shixun.people.models import Organisation
from shixun.people.organisations.choices import OrganisationChangeKind
from shixun.people.organisations.plans import Plan
from shixun.people.organisations.queries import last_change
from shixun.people.validators import check_parent


def check_plan(plan: Plan, today: date) -> None:
    """Raise ``ValidationError`` with the first thing that is wrong with a plan itself."""
    if plan.on > today:
        raise ValidationError("日期不能晚于今天：变更立即生效，请到那一天再办理。")
    for organisation in plan.organisations:
        check_day(organisation, plan.on)
    if plan.kind == OrganisationChangeKind.RENAMED:
        check_name(plan.organisations[0].parent, plan.name, but_for=plan.organisations[0])
    if plan.kind == OrganisationChangeKind.MOVED:
        _check_new_parent(plan)
    if plan.is_merger:
        _check_heir(plan)


def check_day(organisation: Organisation, on: date) -> None:
    """It exists on that day, has not been changed on it, and nothing was written for a later one."""
    last = last_change(organisation)
    if organisation.valid_until is not None:
        word = last.get_kind_display() if last else "撤销"
        raise ValidationError(f"{organisation.name}已于 {day(organisation.valid_until)} {word}，不能再变更。")
    if on <= organisation.valid_from:
        raise ValidationError(f"{organisation.name}自 {day(organisation.valid_from)}起设立，变更的日期应晚于这一天。")
    if last is not None and on == last.on:
        word = last.get_kind_display()
        raise ValidationError(f"{organisation.name}在 {day(on)} 已经办理过“{word}”，同一天只能变更一次。")
    if last is not None and on < last.on:
        raise ValidationError(
            f"{organisation.name}自 {day(last.on)}起已有变更，新的变更应晚于这一天，以前的沿革不能改写。"
        )


def check_name(parent: Organisation | None, name: str, *, but_for: Organisation | None = None) -> None:
    """No other organisation below the same parent has the name now."""
    if but_for is not None and but_for.name == name:
        raise ValidationError("新的名称与现在的相同。")
    twins = Organisation.objects.filter(parent=parent, name=name, valid_until=None)
    if but_for is not None:
        twins = twins.exclude(pk=but_for.pk)
    if twins.exists():
        raise ValidationError(f"这里已经有名为“{name}”的机构，请换一个名称。")


def check_code(code: str) -> None:
    """A code is given once, and not again after its organisation is no more."""
    if Organisation.objects.filter(code=code).exists():
        raise ValidationError(f"机构代码 {code} 已被使用，请换一个代码。")


def _check_new_parent(plan: Plan) -> None:
    organisation, parent = plan.organisations[0], plan.parent
    if parent is None:
        raise ValidationError("请选择划转到哪里。")
    if parent.pk == organisation.parent_id:
        raise ValidationError(f"{organisation.name}现在就在{parent.name}，不需要划转。")
    if organisation.scope.holds(parent.path):
        raise ValidationError(f"不能把{organisation.name}划到它自己下面。")
    check_parent(organisation.kind, parent)
    _check_exists(parent, plan.on)
    check_name(parent, organisation.name)


def _check_heir(plan: Plan) -> None:
    kinds = {organisation.kind for organisation in plan.organisations}
    if plan.opening is not None:
        check_code(plan.opening.code)
        if plan.opening.name not in [row.name for row in plan.organisations]:
            check_name(plan.organisations[0].parent, plan.opening.name)
    elif plan.successor is None:
        raise ValidationError("请选择并入哪个机构，或填写新设机构的名称和代码。")
    elif plan.successor.pk in plan.keys:
        raise ValidationError(f"不能把{plan.successor.name}并入它自己。")
    else:
        kinds.add(plan.successor.kind)
        _check_exists(plan.successor, plan.on)
    if len(kinds) > 1:
        named = "、".join(sorted(str(OrganisationKind(kind).label) for kind in kinds))
        raise ValidationError(f"只有同一类机构才能并入，现在选了{named}。")


def _check_exists(organisation: Organisation, on: date) -> None:
    if not Organisation.objects.filter(in_force(on), pk=organisation.pk).exists():
        raise ValidationError(f"{organisation.name}在 {day(on)} 不存在，请另选日期或机构。")

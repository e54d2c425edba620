"""What the room itself keeps of a person, in words: who she is, her numbers (masked), appointments, accounts, roles."""

from collections.abc import Iterator

from shixun.kernel.privacy import Stored
from shixun.people.models import Person, RoleGrant
from shixun.people.queries import appointments_of


def stored_facts(person: Person) -> Iterator[Stored]:
    """Her facts and numbers; numbers as pages show them."""
    yield Stored("姓名", person.name)
    yield Stored("人员编号", person.code)
    yield Stored("性别", str(person.get_sex_display()))
    if person.born_on:
        yield Stored("出生日期", person.born_on.isoformat())
    if person.entered_on:
        yield Stored("入职日期", person.entered_on.isoformat())
    for number in person.identifiers.order_by("kind", "valid_from"):
        yield Stored(str(number.get_kind_display()), f"{number.masked}（自 {number.valid_from}）")


def stored_appointments(person: Person) -> Iterator[Stored]:
    """Where she has worked as what, the latest first."""
    for held in appointments_of(person):
        period = f"{held.valid_from} 至 {held.valid_until or '今'}"
        said = [held.organisation.name, held.get_duty_display(), held.get_title_display(), held.subject]
        yield Stored(period, " · ".join(str(part) for part in said if part))


def stored_accounts(person: Person) -> Iterator[Stored]:
    """Her accounts and the roles they hold or held."""
    for user in person.users.order_by("username"):
        yield Stored("账号", f"{user.username}{'' if user.is_active else '（已停用）'}")
    grants = RoleGrant.objects.filter(user__person=person).select_related("organisation").order_by("valid_from")
    for grant in grants:
        yield Stored(
            str(grant.get_role_display()),
            f"{grant.organisation.name}，{grant.valid_from} 至 {grant.valid_until or '今'}",
        )

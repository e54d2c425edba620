"""Which account an identity from elsewhere opens, and how it is linked and unlinked."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from shixun.kernel.refusals import Refusal
from shixun.people.accounts.actions import record_about
from shixun.people.accounts.external.providers import Proof, Provider
from shixun.people.accounts.models import LinkedIdentity
from shixun.people.acting import Actor, own_actor
from shixun.people.choices import IdentifierKind
from shixun.people.models import User
from shixun.people.queries import accounts_of, person_of_number
from shixun.people.validators import check_identifier


def account_of(provider: Provider, proof: Proof, *, at: datetime, address: str) -> User | None:
    """The account that was linked, else the one account of the holder of the teacher number that is vouched for.

    The latter is linked by it, so that a number given to somebody else later does not move the identity along.
    """
    linked = LinkedIdentity.objects.filter(provider=provider.key, subject=proof.subject).select_related("user__person")
    found = linked.first()
    if found is not None:
        LinkedIdentity.objects.filter(pk=found.pk).update(used_at=timezone.now())
        return found.user if found.user.is_active else None
    user = _holder_of(proof.teacher_number) if proof.teacher_number else None
    if user is not None and not identities_of(user).filter(provider=provider.key).exists():
        link(actor=own_actor(user, address), at=at, user=user, provider=provider, proof=proof)
        return user
    return None


@transaction.atomic
def link(*, actor: Actor, at: datetime, user: User, provider: Provider, proof: Proof) -> LinkedIdentity:
    """Link an identity from elsewhere to an account; one identity opens one account, one account has one of a kind."""
    taken = LinkedIdentity.objects.filter(provider=provider.key, subject=proof.subject).first()
    if taken is not None and taken.user_id != user.pk:
        raise Refusal(
            f"这个{provider.name}已经绑定了另一个账号，没有绑定。",
            who_can="请用那个账号登录后先解除绑定；不知道是哪个账号时，请联系学校的师训专管员。",
            status=409,
        )
    if taken is not None:
        return taken
    if identities_of(user).filter(provider=provider.key).exists():
        raise Refusal(
            f"您的账号已经绑定了一个{provider.name}。", who_can="请先解除原来的绑定，再绑定新的。", status=409
        )
    record_about(actor, at, "account.identity_linked", user, words=provider.name)
    now = timezone.now()
    return LinkedIdentity.objects.create(
        user=user, provider=provider.key, subject=proof.subject, label=proof.label, linked_at=now, used_at=now
    )


@transaction.atomic
def unlink(*, actor: Actor, at: datetime, user: User, provider_key: str, name: str) -> None:
    """An identity from elsewhere opens the account no more; a way in has to remain."""
    linked = LinkedIdentity.objects.select_for_update().filter(user=user)
    if not linked.filter(provider=provider_key).exists():
        raise Refusal(f"您的账号没有绑定{name}。", status=409)
    if not user.has_usable_password() and linked.count() == 1:
        raise Refusal(
            "您的账号没有密码，解除后就没有办法登录了，没有解除。",
            who_can="请先请学校的师训专管员发给您一个初始密码。",
            status=409,
        )
    linked.filter(provider=provider_key).delete()
    record_about(actor, at, "account.identity_unlinked", user, words=name)


def identities_of(user: User) -> QuerySet[LinkedIdentity]:
    """The identities from elsewhere that open an account."""
    return LinkedIdentity.objects.filter(user=user).order_by("provider")


def _holder_of(number: str) -> User | None:
    try:
        cleaned = check_identifier(IdentifierKind.TEACHER_NUMBER, number)
    except ValidationError:
        return None
    person = person_of_number(IdentifierKind.TEACHER_NUMBER, cleaned)
    users = list(accounts_of(person)[:2]) if person else []
    return users[0] if len(users) == 1 else None

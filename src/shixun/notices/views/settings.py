"""消息设置: where I can be reached, what I want to hear by which channel, and when I want to be left alone."""

import secrets
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shixun.kernel import clock
from shixun.kernel.access import acting, require
from shixun.kernel.refusals import Refusal
from shixun.notices import actions
from shixun.notices.channels import channel_of, open_channels
from shixun.notices.channels.wechat import WechatChannel, binding_address, openid_of
from shixun.notices.choices import ChannelKind
from shixun.notices.forms import QUIET_BY_CUSTOM, CodeForm, ContactForm, WishesForm
from shixun.notices.kinds import NoticeKind, notice_kinds
from shixun.notices.models import ContactPoint
from shixun.notices.permissions import can_change_contact
from shixun.notices.queries import contacts_of, kinds_received, quiet_times, wishes_of
from shixun.notices.tasks import deliver

_STATE = "notices_wechat_state"


@dataclass(frozen=True, slots=True)
class ContactLine:
    """One channel with the address registered for it, if any."""

    channel: str
    label: str
    is_open: bool
    contact: ContactPoint | None


@dataclass(frozen=True, slots=True)
class WishLine:
    """One kind of message, and for each channel whether it is wanted."""

    kind: NoticeKind
    cells: list[tuple[str, str, bool]]


@require_http_methods(["GET", "POST"])
@require()
def own_settings(request: HttpRequest) -> HttpResponseBase:
    """The whole page; sending it sets the wishes."""
    actor = acting(request)
    user = actor.user
    quiet = quiet_times([user]).get(user.pk, QUIET_BY_CUSTOM)
    form = WishesForm(request.POST or None, initial={"quiet_from": quiet[0], "quiet_until": quiet[1]})
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data
        actions.set_wishes(
            actor=actor,
            at=clock.now(),
            wanted=form.pairs,
            quiet_from=wanted["quiet_from"],
            quiet_until=wanted["quiet_until"],
        )
        messages.success(request, "消息设置已保存。")
        return redirect("notices:settings")
    received, lines = set(kinds_received(user)), _wish_lines(actor.user)
    context = {
        "contacts": _contact_lines(actor.person),
        "lines": [line for line in lines if line.kind.key in received],
        "other_lines": [line for line in lines if line.kind.key not in received],
        "channels": [ChannelKind(key).label for key in ChannelKind.values],
        "form": form,
    }
    return render(request, "notices/settings.html", context, status=422 if form.errors else 200)


def _contact_lines(person: Any) -> list[ContactLine]:
    held = {contact.channel: contact for contact in contacts_of(person)} if person else {}
    usable = set(open_channels())
    if not WechatChannel().is_open():
        # The demo's outbox takes messages in WeChat's place, but there is nothing to bind to.
        usable.discard(ChannelKind.WECHAT)
    return [ContactLine(kind.value, kind.label, kind.value in usable, held.get(kind.value)) for kind in ChannelKind]


def _wish_lines(user: Any) -> list[WishLine]:
    differing = wishes_of(user)
    return [
        WishLine(
            kind,
            [
                (f"{kind.key}/{channel.value}", channel.label, _is_wanted(differing, kind, channel.value))
                for channel in ChannelKind
            ],
        )
        for kind in notice_kinds()
    ]


def _is_wanted(differing: dict[tuple[str, str], bool], kind: NoticeKind, channel: str) -> bool:
    return differing.get((kind.key, channel), channel in kind.channels)


@require_http_methods(["GET", "POST"])
@require()
def new_contact(request: HttpRequest, channel: str) -> HttpResponseBase:
    """Register a phone number or a mail address; a code goes there at once."""
    if channel not in (ChannelKind.SMS, ChannelKind.EMAIL):
        raise Http404
    if channel_of(channel) is None:
        raise Refusal(
            f"{ChannelKind(channel).label}现在没有开通，不能登记。", who_can="请联系平台的管理员。", status=409
        )
    form = ContactForm(request.POST or None, channel=channel)
    if request.method == "POST" and form.is_valid():
        contact = actions.add_contact(
            actor=acting(request), at=clock.now(), channel=channel, address=form.cleaned_data["address"]
        )
        # Somebody is waiting for the code: it goes out now and not at the next tick.
        deliver.enqueue()
        messages.success(request, f"验证码已发往 {contact.masked}。")
        return redirect("notices:verify-contact", uuid=contact.uuid)
    context = {"form": form, "label": ChannelKind(channel).label}
    return render(request, "notices/new_contact.html", context, status=422 if form.errors else 200)


def _contact(uuid: UUID) -> ContactPoint:
    return get_object_or_404(ContactPoint.objects.select_related("person"), uuid=uuid)


@require_http_methods(["GET", "POST"])
@require(can_change_contact, find=_contact)
def verify_contact(request: HttpRequest, contact: ContactPoint) -> HttpResponseBase:
    """Type the code that was sent."""
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        code = form.cleaned_data["code"].strip()
        try:
            actions.verify_contact(actor=acting(request), at=clock.now(), contact=contact, code=code)
        except Refusal as refusal:
            form.add_error("code", refusal.sentence)
        else:
            messages.success(request, f"{contact.masked} 已验证，从现在起可以收到消息。")
            return redirect("notices:settings")
    context = {"form": form, "contact": contact}
    return render(request, "notices/verify_contact.html", context, status=422 if form.errors else 200)


@require_POST
@require(can_change_contact, find=_contact)
def send_code(request: HttpRequest, contact: ContactPoint) -> HttpResponseRedirect:
    """Another code."""
    actions.send_code(actor=acting(request), at=clock.now(), contact=contact)
    deliver.enqueue()
    messages.success(request, f"新的验证码已发往 {contact.masked}。")
    return redirect("notices:verify-contact", uuid=contact.uuid)


@require_POST
@require(can_change_contact, find=_contact)
def remove_contact(request: HttpRequest, contact: ContactPoint) -> HttpResponseRedirect:
    """Remove an address."""
    actions.remove_contact(actor=acting(request), at=clock.now(), contact=contact)
    messages.success(request, f"已删除 {contact.masked}，不再向它发送消息。")
    return redirect("notices:settings")


@require_safe
@require()
def bind_wechat(request: HttpRequest) -> HttpResponse:
    """To WeChat, which comes back with a code: this only works inside WeChat's own browser."""
    if not WechatChannel().is_open():
        raise Refusal("微信消息现在没有开通，不能绑定。", who_can="请联系平台的管理员。", status=409)
    state = secrets.token_urlsafe(16)
    request.session[_STATE] = state
    back = f"{settings.SITE_URL}{reverse('notices:wechat-bound')}"
    return HttpResponseRedirect(binding_address(back, state))


@require_safe
@require()
def wechat_bound(request: HttpRequest) -> HttpResponse:
    """WeChat has sent her back: the code is turned into an openid, and that is kept."""
    expected = request.session.pop(_STATE, None)
    if not expected or not secrets.compare_digest(expected, request.GET.get("state", "")):
        raise Refusal("这个绑定链接不是您刚才打开的，或者已经用过。", who_can="请在“消息设置”里重新点“绑定微信”。")
    openid = openid_of(request.GET.get("code", ""))
    if not openid:
        raise Refusal("微信没有确认您的身份，没有绑定。", who_can="请在微信里打开“消息设置”，再绑定一次。", status=409)
    actions.bind_wechat(actor=acting(request), at=clock.now(), openid=openid)
    messages.success(request, "微信已绑定，从现在起可以收到消息。")
    return redirect("notices:settings")

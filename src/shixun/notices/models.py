"""What was said to whom, where to reach them outside the site, what they wish, and what became of each delivery."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from shixun.kernel.fields import decrypt, encrypt, keyed_digest
from shixun.notices.choices import ChannelKind, ContactPurpose, DeliveryState
from shixun.people.models import Person


class Notice(models.Model):
    """One message to one account. ``key`` names the occasion: its recipient hears of it once, however often sent."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="notices")
    kind = models.CharField("类别", max_length=60)
    key = models.CharField(max_length=160)
    subject = models.CharField("标题", max_length=200)
    body = models.TextField("内容")
    url = models.CharField("去处", max_length=300, blank=True)
    about_kind = models.CharField(max_length=60, blank=True)
    about_uuid = models.UUIDField(null=True)
    sent_at = models.DateTimeField("时间")
    read_at = models.DateTimeField("阅读时间", null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["recipient", "key"], name="notices_notice_once")]
        indexes = [
            models.Index(fields=["recipient", "-sent_at"], name="notices_notice_list"),
            models.Index(fields=["recipient"], condition=Q(read_at__isnull=True), name="notices_notice_unread"),
            models.Index(fields=["about_uuid"], name="notices_notice_about"),
        ]

    def __str__(self) -> str:
        return self.subject


def address_digest(channel: str, address: str) -> str:
    """By which an address is found without being stored in clear."""
    return keyed_digest(address, f"contact {channel}")


class ContactPoint(models.Model):
    """Where a person can be reached: encrypted, shown masked, used only once its holder has proved it is hers.

    A code that was sent is kept as a keyed digest. Removing a contact point wipes the address; the masked form stays.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="contact_points")
    channel = models.CharField("方式", max_length=10, choices=ChannelKind.choices)
    purpose = models.CharField("用途", max_length=20, choices=ContactPurpose.choices, default=ContactPurpose.NOTICES)
    stored = models.TextField(editable=False, blank=True)
    digest = models.CharField(max_length=64, editable=False, blank=True)
    masked = models.CharField("号码", max_length=80)
    added_at = models.DateTimeField("登记时间")
    verified_at = models.DateTimeField("验证时间", null=True)
    removed_at = models.DateTimeField("删除时间", null=True)
    code_digest = models.CharField(max_length=64, blank=True, editable=False)
    code_sent_at = models.DateTimeField(null=True, editable=False)
    code_tries = models.PositiveSmallIntegerField(default=0, editable=False)
    codes_sent = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "channel"], condition=Q(removed_at__isnull=True), name="notices_contact_one_each"
            )
        ]
        indexes = [models.Index(fields=["digest"], name="notices_contact_digest")]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} {self.masked}"

    @property
    def value(self) -> str:
        """The address itself; nothing but a delivery reads it."""
        return decrypt(self.stored) if self.stored else ""

    @value.setter
    def value(self, address: str) -> None:
        self.stored, self.digest = encrypt(address), address_digest(self.channel, address)


class NoticePreference(models.Model):
    """Whether somebody wants one kind of notice by one channel, where she differs from the kind's own way."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notice_preferences")
    kind = models.CharField("类别", max_length=60)
    channel = models.CharField("方式", max_length=10, choices=ChannelKind.choices)
    is_wanted = models.BooleanField("接收")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "kind", "channel"], name="notices_preference_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.get_channel_display()}"


class QuietTime(models.Model):
    """From when until when somebody wants no deliveries but urgent ones; none at all where both are the same."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="quiet_time")
    starts_at = models.TimeField("自")
    ends_at = models.TimeField("至")

    def __str__(self) -> str:
        return f"{self.starts_at:%H:%M}—{self.ends_at:%H:%M}"


class Delivery(models.Model):
    """One message on its way out by one channel: of a notice, or of a code that proves a contact point.

    ``uuid`` is the key by which a provider knows it again. Whoever sends it claims the row first: ``claim`` and
    ``claimed_at`` tell who and when, and only the holder of the claim writes the outcome.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="deliveries")
    notice = models.ForeignKey(Notice, models.PROTECT, null=True, related_name="deliveries")
    contact = models.ForeignKey(ContactPoint, models.PROTECT, null=True, related_name="deliveries")
    channel = models.CharField("方式", max_length=10, choices=ChannelKind.choices)
    state = models.CharField("状态", max_length=10, choices=DeliveryState.choices, default=DeliveryState.WAITING)
    is_urgent = models.BooleanField("紧急", default=False)
    code = models.CharField(max_length=255, blank=True, editable=False)
    sent_to = models.CharField("发往", max_length=80, blank=True)
    attempts = models.PositiveSmallIntegerField("次数", default=0)
    created_at = models.DateTimeField("时间")
    next_try_at = models.DateTimeField("下次发送", null=True)
    claim = models.UUIDField(null=True, editable=False)
    claimed_at = models.DateTimeField(null=True, editable=False)
    ended_at = models.DateTimeField("结束时间", null=True)
    problem = models.CharField("原因", max_length=200, blank=True)
    provider_number = models.CharField("回执", max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notice", "channel"], name="notices_delivery_once"),
            models.CheckConstraint(
                condition=Q(notice__isnull=False) | Q(contact__isnull=False), name="notices_delivery_of_something"
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_try_at"], condition=Q(state__in=["waiting", "failed"]), name="notices_delivery_due"
            ),
            models.Index(fields=["claimed_at"], condition=Q(state="sending"), name="notices_delivery_claimed"),
            models.Index(fields=["state", "-created_at"], name="notices_delivery_list"),
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} {self.subject}"

    @property
    def subject(self) -> str:
        return self.notice.subject if self.notice else "验证码"


class OutboxMessage(models.Model):
    """What would have left the site, in a demonstration: the words as the recipient would read them."""

    key = models.UUIDField(unique=True)
    channel = models.CharField("方式", max_length=10, choices=ChannelKind.choices)
    address = models.CharField("收件人", max_length=200)
    text = models.TextField("内容")
    at = models.DateTimeField("时间")

    class Meta:
        indexes = [models.Index(fields=["-at"], name="notices_outbox_list")]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} {self.address}"

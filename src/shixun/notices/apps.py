"""Registers the room with Django, its pages with the frame, and its task with the schedule."""

from django.apps import AppConfig

EVENTS = {
    "contact.added": "登记联系方式",
    "contact.code_sent": "发送验证码",
    "contact.verified": "验证联系方式",
    "contact.removed": "删除联系方式",
    "delivery.retried": "重新发送消息",
    "wishes.set": "更改消息设置",
}
SUBJECTS = {"delivery": "消息发送"}
PARTS = {
    "channel": "方式",
    "address": "联系方式",
    "purpose": "用途",
    "attempts": "次数",
    "problem": "原因",
    "differs": "与默认不同的",
    "quiet": "免打扰时间",
}


class NoticesConfig(AppConfig):
    name = "shixun.notices"
    label = "notices"
    verbose_name = "消息"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models are loaded by now, which these need.
        from shixun.kernel.audit.words import register_words
        from shixun.kernel.privacy import register_source
        from shixun.kernel.schedule import register_called
        from shixun.notices import frame
        from shixun.notices.actions.contacts import can_send_codes, send_code_to
        from shixun.notices.queries import has_deliveries_due, persons_at, stored_rows
        from shixun.notices.tasks import deliver
        from shixun.people.accounts.reach import Reach, register_reach

        frame.register()
        register_reach(Reach(persons_at, send_code_to, can_send_codes))
        register_source("notices", title="消息与联系方式", order=60, rows=stored_rows)
        register_words(EVENTS, subjects=SUBJECTS, parts=PARTS)
        register_called(deliver, when=has_deliveries_due)

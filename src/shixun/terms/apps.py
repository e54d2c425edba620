"""Registers the room with Django, its pages with the frame, what it tells people, its task with the schedule."""

from django.apps import AppConfig

from shixun.terms.choices import ChangeKind

EVENTS = {
    **{f"window.{kind.value}": f"开放时间{kind.label}" for kind in ChangeKind},
    "work_calendar.copied": "复制工作日历",
    "work_calendar.published": "发布工作日历",
    "work_calendar.item_added": "添加工作",
    "work_calendar.item_changed": "修改工作",
    "work_calendar.item_removed": "删除工作",
    "work_item.done": "标记工作完成",
    "work_item.reopened": "取消完成标记",
    "school_year.set": "确定学年日期",
}
SUBJECTS = {"window": "开放时间", "work_calendar": "工作日历"}
PARTS = {
    "purpose": "用途",
    "round": "轮次",
    "opens_at": "开始",
    "closes_at": "截止",
    "template": "模板",
    "items": "项数",
    "what": "工作",
    "starts_on": "开始日期",
    "due_on": "完成期限",
    "doer": "谁来做",
    "page": "办理页面",
    "elsewhere": "目前在哪里办",
    "remind_days": "提前几天提醒",
    "escalate_days": "逾期几天上报",
    "escalate_to": "上报给",
    "number": "学年",
    "second_term_from": "第二学期自",
}


class TermsConfig(AppConfig):
    name = "shixun.terms"
    label = "terms"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models are loaded by now, which these need.
        from shixun.kernel.audit.words import register_values, register_words
        from shixun.kernel.schedule import register_called
        from shixun.terms import frame
        from shixun.terms.actions import following
        from shixun.terms.actions.telling import register_kinds
        from shixun.terms.calendars import templates
        from shixun.terms.choices import Doer, Escalation
        from shixun.terms.purposes import purpose_of
        from shixun.terms.tasks import is_called_for, tell

        register_kinds()
        following.register()
        register_called(tell, when=is_called_for)
        register_words(EVENTS, subjects=SUBJECTS, parts=PARTS)
        register_values(
            {
                "purpose": lambda value, said: purpose_of(str(value)).title,
                "doer": dict(Doer.choices),
                "escalate_to": dict(Escalation.choices),
                "template": lambda value, said: next((one.title for one in templates() if one.key == value), None),
            }
        )
        frame.register()

"""Registers the room with Django: the roster as a kind of import, its review chains, its pages in the frame."""

from django.apps import AppConfig

EVENTS = {
    "roster.taken": "导出名册",
    "transfer.asked": "发起调动",
    "person.transferred": "调动办结",
    "correction.asked": "申请更正资料",
    "person.corrected": "更正资料",
    "person.departed": "登记离岗",
}
PARTS = {
    "origin": "调出单位",
    "destination": "调入单位",
    "begins_on": "到岗日期",
    "detail": "项目",
    "value": "内容",
    "since": "自",
    "memo": "说明",
    "on": "日期",
    "effective_on": "从哪一天起生效",
    "whole_roster": "完整名册",
}


class RosterConfig(AppConfig):
    name = "shixun.roster"
    label = "roster"
    verbose_name = "名册"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models are loaded by now, which these need.
        from shixun.kernel.audit.words import register_values, register_words
        from shixun.kernel.privacy import register_source
        from shixun.kernel.spreadsheets.kinds import register_import
        from shixun.roster import flow, frame
        from shixun.roster.actions import following
        from shixun.roster.choices import DepartureKind, Detail
        from shixun.roster.queries import stored_changes

        register_import(frame.ROSTER)
        flow.register()
        following.register()
        frame.register()
        register_words(EVENTS, parts=PARTS, viewing=("roster.taken",))
        register_values({"detail": dict(Detail.choices), "person:kind": dict(DepartureKind.choices)})
        register_source("roster", title="调动、更正与离岗", order=30, rows=stored_changes)

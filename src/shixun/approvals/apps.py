"""Registers the room with Django: its pages with the frame, its job with the schedule, what it tells people."""

from django.apps import AppConfig

from shixun.approvals.choices import StepKind

EVENTS = {"level_setting.set": "设定审核层级", **{f"case.{kind.value}": f"事项{kind.label}" for kind in StepKind}}
SUBJECTS = {"approvals.case": "审核事项", "approvals.level_setting": "审核层级"}
PARTS = {"flow": "流程", "action": "办理", "state": "状态", "revision": "第几稿", "on_behalf_of": "代理"}


class ApprovalsConfig(AppConfig):
    name = "shixun.approvals"
    label = "approvals"
    verbose_name = "审核"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models are loaded by now, which these need.
        from shixun.approvals import frame, telling
        from shixun.approvals.actions import following
        from shixun.approvals.flows import words_of_action, words_of_flow, words_of_state
        from shixun.approvals.tasks import follow_deadlines, is_called_for
        from shixun.kernel.audit.words import register_values, register_words
        from shixun.kernel.schedule import register_called

        frame.register()
        telling.register()
        following.register()
        register_called(follow_deadlines, when=is_called_for)
        register_words(EVENTS, subjects=SUBJECTS, parts=PARTS)
        register_values(
            {
                "approvals.case:flow": words_of_flow,
                "approvals.case:action": words_of_action,
                "approvals.case:state": words_of_state,
            }
        )

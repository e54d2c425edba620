"""Registers the room with Django, has the shipped policies stored after every migration, fills its slots."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate

EVENTS = {
    "policy.adopted": "采用政策",
    "policy.published": "发布政策",
    "local_rules.set": "设定本区规则",
}
SUBJECTS = {"policy.adoption": "适用政策", "policy.version": "政策版本", "policy.local_rules": "本区规则"}
PARTS = {"policy": "政策", "version": "版本", "choices": "所选数值", "starts_on": "开始日期", "ends_on": "结束日期"}


class PolicyConfig(AppConfig):
    name = "shixun.policy"
    label = "policy"
    verbose_name = "政策与本区规则"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models are loaded by now, which these need.
        from shixun.kernel.audit.words import register_values, register_words
        from shixun.policy import flow, frame
        from shixun.policy.actions import following
        from shixun.policy.actions.storing import store_after_migration
        from shixun.policy.queries import words
        from shixun.policy.queries.filings import FILING
        from shixun.policy.tables.trail import choices_told
        from shixun.terms.purposes import register_purpose

        post_migrate.connect(store_after_migration, sender=self, dispatch_uid="policy.store")
        flow.register()
        register_purpose(FILING, title="本区规则备案", page="policy:own-local-rules")
        following.register()
        frame.register()
        register_words(EVENTS, subjects=SUBJECTS, parts=PARTS)
        register_values(
            {
                "policy": words.policy_named,
                "policy.local_rules:choices": choices_told,
                "level": words.level_named,
                "category": words.category_named,
                "form": words.form_named,
                "tags": words.tag_named,
            }
        )

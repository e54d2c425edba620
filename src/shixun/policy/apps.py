"""Registers the room with Django, has the shipped policies stored after every migration, fills its slots."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class PolicyConfig(AppConfig):
    name = "shixun.policy"
    label = "policy"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models are loaded by now, which these need.
        from shixun.policy import frame
        from shixun.policy.actions.storing import store_after_migration

        post_migrate.connect(store_after_migration, sender=self, dispatch_uid="policy.store")
        frame.register()

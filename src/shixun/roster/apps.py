"""Registers the room with Django, and the roster as a kind of import."""

from django.apps import AppConfig

EVENTS = {"roster.taken": "导出名册"}


class RosterConfig(AppConfig):
    name = "shixun.roster"
    label = "roster"
    verbose_name = "名册"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models are loaded by now, which these need.
        from shixun.kernel.audit.words import register_words
        from shixun.kernel.spreadsheets.kinds import register_import
        from shixun.roster import frame

        register_import(frame.ROSTER)
        register_words(EVENTS, viewing=("roster.taken",))

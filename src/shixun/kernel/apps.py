"""Registers the room with Django, and its pages of long work and imports with the frame."""

from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "shixun.kernel"
    label = "kernel"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models are loaded by now, which these need.
        from shixun.kernel import slots
        from shixun.kernel.jobs.frame import fresh_jobs
        from shixun.kernel.jobs.permissions import can_list_jobs
        from shixun.kernel.spreadsheets import work
        from shixun.kernel.spreadsheets.permissions import can_list_imports

        work.register()
        slots.register_panel(
            "home:officer",
            key="kernel:jobs",
            title="我的任务",
            template="kernel/jobs/fresh.html",
            order=90,
            permission=can_list_jobs,
            context=fresh_jobs,
        )
        for key, title, icon, order, permission in (
            ("imports", "导入", "table", 940, can_list_imports),
            ("jobs", "任务", "refresh", 950, can_list_jobs),
        ):
            slots.register_menu(
                key=f"kernel:{key}",
                title=title,
                url_name=f"kernel:{key}",
                icon=icon,
                group="人员与机构",
                order=order,
                permission=permission,
            )

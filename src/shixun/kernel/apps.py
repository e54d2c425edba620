"""Registers the room with Django, and its pages of long work and imports with the frame."""

from datetime import time

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules

EVENTS = {
    "audit.expired": "到期移除操作记录",
    "audit.exported": "导出操作记录",
    "list.exported": "导出列表",
    "import.applied": "写入导入",
    "import.resumed": "继续导入",
    "import.taken_over": "接手没有写完的导入",
    "import.discarded": "放弃导入",
    "view.kept": "保存列表视图",
    "view.forgotten": "删除列表视图",
    "import.begun": "开始导入",
    "import.agreed": "同意导入的修正",
    "import.refused_rows_taken": "下载未导入的行",
}
SUBJECTS = {"job": "任务", "import": "导入", "audit.expiry": "到期移除", "list": "列表", "audit": "操作记录"}
PARTS = {
    "before": "早于",
    "filters": "查询条件",
    "until_number": "移除到编号（不含）",
    "removed": "移除条数",
    "rows": "行数",
    "kind": "种类",
    "name": "名称",
    "code": "代码",
    "reason": "理由",
    "valid_from": "自",
    "valid_until": "至（不含）",
    "organisation": "机构",
    "person": "人员",
    "count": "条数",
    "sha256": "文件摘要",
    "digest": "摘要",
    "address": "页面和条件",
    "file": "文件",
    "first": "首条",
    "last": "末条",
    "key": "登记号",
    "new": "新增",
    "changed": "修改",
    "moved": "调入",
    "left": "离开",
    "left_out": "留下未导入",
    "repairs": "同意的修正",
    "set_aside": "留下有问题的行",
    "options": "选项",
}


class KernelConfig(AppConfig):
    name = "shixun.kernel"
    label = "kernel"
    verbose_name = "任务与导入"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models are loaded by now, which these need.
        from shixun.kernel import slots
        from shixun.kernel.audit.log import trail_log
        from shixun.kernel.audit.tasks import expire_events
        from shixun.kernel.audit.words import register_values, register_words
        from shixun.kernel.chronicle.logs import register_log
        from shixun.kernel.chronicle.tasks import has_new_rows, number_rows
        from shixun.kernel.exporting.files import NO_FILE, address_of
        from shixun.kernel.exporting.lists import LIST_EXPORT, write_list
        from shixun.kernel.jobs.frame import fresh_jobs
        from shixun.kernel.jobs.kinds import register_job
        from shixun.kernel.jobs.permissions import can_list_jobs
        from shixun.kernel.schedule import register_called, register_daily
        from shixun.kernel.spreadsheets import work
        from shixun.kernel.spreadsheets.permissions import can_list_imports

        # Every room's rows of the permission table.
        autodiscover_modules("permissions")
        work.register()
        register_job(LIST_EXPORT, run=write_list, address=address_of, atomic=False, trace=NO_FILE)
        register_log(trail_log())
        register_called(number_rows, when=has_new_rows)
        register_daily(expire_events, at=time(3, 30))
        register_words(EVENTS, subjects=SUBJECTS, parts=PARTS)
        register_values({"import:kind": work.kind_named})
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

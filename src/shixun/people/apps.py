"""Registers the room with Django, and its pages with the frame: menu, the switch of roles, search."""

from datetime import time
from functools import partial

from django.apps import AppConfig

from shixun.kernel import slots
from shixun.people.accounts.choices import EVENTS as ACCOUNT_EVENTS
from shixun.people.accounts.choices import PARTS as ACCOUNT_PARTS
from shixun.people.accounts.choices import Means

_GROUP = "人员与机构"

EVENTS = {
    "organisation.opened": "设立机构",
    "organisation.designated": "授予机构资格",
    "organisation.renamed": "机构更名",
    "organisation.moved": "机构划转",
    "organisation.merged": "机构并入",
    "organisation.closed": "撤销机构",
    "person.registered": "登记人员",
    "person.changed": "修改人员",
    "identifier.added": "登记号码",
    "identifier.ended": "结束号码",
    "identifier.revealed": "查看完整号码",
    "appointment.begun": "登记任职",
    "appointment.corrected": "更正任职",
    "appointment.ended": "结束任职",
    "account.opened": "开通账号",
    "role.granted": "授予角色",
    "role.ended": "结束角色",
    "role.confirmed": "复核角色",
    "role.switched": "切换角色",
    "credit_officer.named": "指定学分工作负责人",
    "delegation.asked": "委托代理",
    "delegation.accepted": "接受代理",
    "delegation.declined": "代理没有生效",
    "delegation.ended": "结束代理",
    "privacy.notice_read": "读过个人信息保护告知",
    "privacy.copy_taken": "导出本人信息副本",
}
SUBJECTS = {"person": "人员", "user": "账号", "organisation": "机构", "delegation": "代理"}
PARTS = {
    "username": "账号",
    "why": "原因",
    "number": "号码",
    "duty": "岗位",
    "title": "职称",
    "stage": "学段",
    "subject": "学科",
    "is_main": "主要任职",
    "role": "角色",
    "acting_as": "使用的角色",
    "absent": "被代理人",
    "delegate": "代理人",
    "entered_on": "入职日期",
    "born_on": "出生日期",
    "sex": "性别",
    "path": "位置",
    "document": "文号",
    "successor": "并入到",
    "designations": "资格",
}


class PeopleConfig(AppConfig):
    name = "shixun.people"
    label = "people"
    verbose_name = "人员、机构与角色"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models are loaded by now, which these need.
        from shixun.kernel.access import allows, register_actors
        from shixun.kernel.audit.words import register_values, register_words
        from shixun.kernel.privacy import register_source
        from shixun.kernel.schedule import register_daily
        from shixun.people import frame
        from shixun.people.acting import actor_restored
        from shixun.people.choices import VALUES
        from shixun.people.credit_officers import frame as credit_officers
        from shixun.people.delegation import permissions as _delegation  # noqa: F401
        from shixun.people.organisations import permissions as _organisations  # noqa: F401
        from shixun.people.organisations import rules
        from shixun.people.privacy import sources
        from shixun.people.reaches import fill_kernel_rows
        from shixun.people.tasks import clear_sessions

        fill_kernel_rows()
        register_actors(actor_restored)
        register_daily(clear_sessions, at=time(3, 40))
        for key, title, icon, order, rule in (
            ("persons", "人员", "users", 10, "can_search_persons"),
            ("organisations", "机构", "building", 20, "can_search_organisations"),
            ("roles", "角色", "user", 30, "can_see_roles"),
            ("accounts", "账号", "lock", 35, "can_list_accounts"),
            ("rights", "角色与权限", "scale", 36, "can_read_rights"),
            ("trail", "操作记录", "list-check", 37, "can_read_trail"),
        ):
            slots.register_menu(
                key=f"people:{key}",
                title=title,
                url_name=f"people:{key}",
                icon=icon,
                group=_GROUP,
                order=900 + order,
                permission=partial(allows, f"people.{rule}"),
            )
        credit_officers.register()
        rules.register()
        for page in ("home:officer", "home:teacher", "home:work"):
            slots.register_panel(
                page,
                key="people:asked",
                title="请您代理",
                template="people/panels/asked.html",
                order=3,
                permission=frame.acts,
                context=frame.asked_panel,
            )
        for key, title, permission, context in (
            ("watched-trail", "这一周", frame.reads_trail, frame.trail_panel),
            ("watched-accounts", "需要留意", frame.guards_accounts, frame.accounts_panel),
        ):
            slots.register_panel(
                "home:work",
                key=f"people:{key}",
                title=title,
                template=f"people/panels/{key}.html",
                order=10,
                permission=permission,
                context=context,
            )
        slots.register_panel(
            "people:person",
            key="people:account",
            title="账号",
            template="people/person-account.html",
            order=20,
            permission=frame.looks_after,
            context=frame.account_panel,
        )
        slots.register_panel(
            "frame:acting",
            key="acting",
            title="我的账号和角色",
            template="people/acting.html",
            order=10,
            permission=frame.anyone,
            context=frame.acting_panel,
        )
        for key, title, rows in (
            ("facts", "基本资料与号码", sources.stored_facts),
            ("appointments", "任职", sources.stored_appointments),
            ("accounts", "账号与角色", sources.stored_accounts),
        ):
            register_source(f"people.{key}", title=title, order=10, rows=rows)
        for page in ("home:teacher", "home:officer", "home:work"):
            slots.register_panel(
                page,
                key="people:privacy-notice",
                title="个人信息保护告知",
                template="people/notice-panel.html",
                order=5,
                permission=frame.anyone_at_home,
                context=frame.notice_panel,
            )
        slots.register_menu(
            key="people:own-privacy",
            title="我的个人信息",
            url_name="people:own-privacy",
            icon="lock",
            group="我的",
            order=40,
            permission=partial(allows, "people.can_see_own_record"),
        )
        slots.register_menu(
            key="people:account",
            title="账号安全",
            url_name="people:account",
            icon="lock",
            group="我的",
            order=50,
            permission=frame.acts,
        )
        slots.register_search(
            key="people:persons",
            title="人员",
            order=10,
            permission=partial(allows, "people.can_search_persons"),
            search=frame.found_persons,
        )
        slots.register_search(
            key="people:organisations",
            title="机构",
            order=20,
            permission=partial(allows, "people.can_search_organisations"),
            search=frame.found_organisations,
        )
        register_words(EVENTS, subjects=SUBJECTS, parts=PARTS, viewing=("identifier.revealed",))
        register_words(ACCOUNT_EVENTS, parts=ACCOUNT_PARTS)
        register_values(
            {
                **VALUES,
                "means": dict(Means.choices),
                "person": frame.person_named,
                "recogniser": frame.organisation_named,
            }
        )

"""Registers the room with Django, and its pages with the frame: menu, the switch of roles, search."""

from functools import partial

from django.apps import AppConfig

from shixun.kernel import slots

_GROUP = "人员与机构"


class PeopleConfig(AppConfig):
    name = "shixun.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models are loaded by now, which these need.
        from shixun.kernel.access import allows
        from shixun.people import frame
        from shixun.people.reaches import fill_kernel_rows

        fill_kernel_rows()

        for key, title, icon, order, rule in (
            ("persons", "人员", "users", 10, "can_search_persons"),
            ("organisations", "机构", "building", 20, "can_search_organisations"),
            ("roles", "角色", "user", 30, "can_see_roles"),
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
        slots.register_panel(
            "frame:acting",
            key="acting",
            title="我的账号和角色",
            template="people/acting.html",
            order=10,
            permission=frame.anyone,
            context=frame.acting_panel,
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

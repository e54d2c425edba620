"""What the room shows in the frame: pages of articles, the search for them, the menu."""

from shixun.kernel import slots
from shixun.policy.permissions import can_read_policies, can_see_adoptions, can_see_own_local_rules
from shixun.policy.queries import address_of_article, articles_found


def register() -> None:
    """Called once at start-up."""
    slots.register_article_pages(address_of_article)
    slots.register_search(key="articles", title="条款", order=40, permission=can_read_policies, search=articles_found)
    slots.register_menu(
        key="policies",
        title="政策与条款",
        url_name="policy:policies",
        icon="book-2",
        group="政策",
        order=80,
        permission=can_read_policies,
    )
    slots.register_menu(
        key="local-rules",
        title="本区规则",
        url_name="policy:own-local-rules",
        icon="adjustments",
        group="政策",
        order=81,
        permission=can_see_own_local_rules,
    )
    slots.register_menu(
        key="adoptions",
        title="执行的政策",
        url_name="policy:adoptions",
        icon="calendar",
        group="政策",
        order=81,
        permission=can_see_adoptions,
    )
    slots.register_menu(
        key="conversion",
        title="学时换算",
        url_name="policy:conversion",
        icon="arrows-exchange",
        group="政策",
        order=82,
        permission=can_read_policies,
    )

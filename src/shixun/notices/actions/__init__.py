"""What is done with messages: sending, reading, delivering; with contact points and wishes."""

from shixun.notices.actions.contacts import add_contact, bind_wechat, remove_contact, send_code, verify_contact
from shixun.notices.actions.reading import read_all, read_notice
from shixun.notices.actions.retrying import retry_deliveries
from shixun.notices.actions.sending import send
from shixun.notices.actions.wishes import set_wishes

__all__ = [
    "add_contact",
    "bind_wechat",
    "read_all",
    "read_notice",
    "remove_contact",
    "retry_deliveries",
    "send",
    "send_code",
    "set_wishes",
    "verify_contact",
]

"""What a browser says of itself: words for a list, and the marks a session is bound to.

Versions are left out, because a browser updates itself and an in-app browser names the kind of network it is on.
"""

import ipaddress
import re

_SYSTEMS = (
    ("HarmonyOS", "鸿蒙"),
    ("OpenHarmony", "鸿蒙"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "安卓"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)
_BROWSERS = (
    ("MicroMessenger", "微信"),
    ("DingTalk", "钉钉"),
    ("Lark", "飞书"),
    ("QQBrowser", "QQ 浏览器"),
    ("UCBrowser", "UC 浏览器"),
    ("HuaweiBrowser", "华为浏览器"),
    ("MiuiBrowser", "小米浏览器"),
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_VERSION = re.compile(r"[\d._]+")
_V4_PREFIX, _V6_PREFIX = 16, 32


def device_of(agent: str) -> str:
    """``Windows 上的 Chrome``; what is not known is called so."""
    system = next((word for mark, word in _SYSTEMS if mark in agent), "未知系统")
    browser = next((word for mark, word in _BROWSERS if mark in agent), "")
    return f"{system} 上的 {browser}" if browser else f"{system} 上的其他浏览器"


def browser_mark(agent: str) -> str:
    """The family of system and browser; of an unknown one everything it says but its numbers."""
    known = device_of(agent)
    return known if "未知" not in known and "其他" not in known else _VERSION.sub("", agent)[:120]


def network_mark(address: str) -> str:
    """The neighbourhood of a network address: /16 of IPv4, /32 of IPv6; the text itself where it is no address."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    prefix = _V4_PREFIX if found.version == 4 else _V6_PREFIX
    return str(ipaddress.ip_network(f"{found}/{prefix}", strict=False))

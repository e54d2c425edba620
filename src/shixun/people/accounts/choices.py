"""Words of signing in: by which means, in which state an account is, why a session ended."""

from django.db.models import TextChoices

from shixun.people.choices import Role


class Means(TextChoices):
    """How a session began."""

    PASSWORD = "password", "账号密码"
    BUREAU = "bureau", "教育局统一认证"
    WEIXIN = "weixin", "微信"
    DEMO = "demo", "演示一键登录"


class EndedBy(TextChoices):
    """Why a session was ended by the platform, in words its owner reads at the next sign-in page."""

    IDLE = "idle", "您有一段时间没有操作，为了安全已自动退出，请重新登录。"
    AGED = "aged", "这次登录已到最长时限，请重新登录。"
    ELSEWHERE = "elsewhere", "这次登录换了浏览器或网络，为了防止冒用已经结束，请重新登录。"
    UNPROVEN = "unproven", "这次登录没有完成，请重新登录。"


class LockReason(TextChoices):
    TOO_MANY = "too_many", "连续输错次数过多"
    BY_OFFICER = "by_officer", "管理员锁定"


# Whoever holds any other role must have a second factor. These answer for what they teach or judge, not for people.
TEACHER_LIKE = frozenset({Role.TEACHER, Role.INSTRUCTOR, Role.CLASS_TUTOR, Role.EXPERT})

# What the trail tells of an account: read by the auditor, and by its owner.
EVENTS = {
    "account.signed_in": "登录",
    "account.signed_out": "退出登录",
    "account.sign_in_refused": "登录未成功",
    "account.session_ended": "登录被结束",
    "account.locked": "账号被锁定",
    "account.unlocked": "账号已解锁",
    "account.password_changed": "修改密码",
    "account.password_issued": "管理员重设密码",
    "account.factor_set_up": "设置第二因素",
    "account.factor_removed": "停用第二因素",
    "account.factor_reset": "管理员重置第二因素",
    "account.recovery_used": "使用恢复码",
    "account.codes_renewed": "更换恢复码",
    "account.identity_linked": "绑定外部登录",
    "account.identity_unlinked": "解除外部登录",
}
PARTS = {"means": "登录方式", "device": "设备", "words": "说明"}

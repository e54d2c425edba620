"""Settings of the site, each read through a typed reader of ``config.env``; docs/operations.md lists them."""

import secrets
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONCE, NONE, SELF

from config.env import env_bool, env_choice, env_database, env_int, env_list, env_mail, env_path, env_text

ROOT = Path(__file__).resolve().parents[2]
VAR = env_path("SHIXUN_VAR", ROOT / "var")
DEMO_MODE = env_bool("SHIXUN_DEMO", False)
DEBUG = env_bool("SHIXUN_DEBUG", False)


def _secret_key() -> str:
    """The configured key, or one kept in the var folder so that sessions survive a restart."""
    configured = env_text("SHIXUN_SECRET_KEY")
    if configured:
        return configured
    kept = VAR / "secret-key"
    if not kept.exists():
        VAR.mkdir(parents=True, exist_ok=True)
        kept.write_text(secrets.token_urlsafe(64))
        kept.chmod(0o600)
    return kept.read_text()


SECRET_KEY = _secret_key()
ALLOWED_HOSTS = env_list("SHIXUN_ALLOWED_HOSTS", ("localhost", "127.0.0.1", "[::1]"))
CSRF_TRUSTED_ORIGINS = env_list("SHIXUN_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "csp",
    "rules",
    "shixun.kernel",
    "shixun.people",
    "shixun.notices",
    "shixun.terms",
    "shixun.approvals",
    "shixun.roster",
    "shixun.policy",
    "shixun.ledger",
    "shixun.standing",
    "shixun.recognition",
    "shixun.portal",
    "shixun.demo",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "shixun.kernel.refusals.RefusalMiddleware",
    "shixun.people.acting.ActorMiddleware",
    "shixun.people.accounts.sessions.SessionGuard",
    "shixun.people.accounts.gate.AccountGate",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "shixun.kernel.context.frame",
            ],
        },
    },
]

DATABASES = {"default": env_database("SHIXUN_DATABASE_URL", VAR / "shixun.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}
# The database cache is shared by all web processes, so limits kept in it hold for all of them.
# Django would cull it at 300 rows, and so forget limits that still hold.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "kernel_cache",
        "OPTIONS": {"MAX_ENTRIES": 200_000},
    }
}

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["rules.permissions.ObjectPermissionBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "shixun.people.accounts.passwords.LengthValidator"},
    {"NAME": "shixun.people.accounts.passwords.ClassesValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "shixun.people.accounts.passwords.HistoryValidator"},
]
PASSWORD_LENGTH = env_int("SHIXUN_PASSWORD_LENGTH", 10)
PASSWORD_CLASSES = env_int("SHIXUN_PASSWORD_CLASSES", 3)
PASSWORD_HISTORY = env_int("SHIXUN_PASSWORD_HISTORY", 5)
PASSWORD_DAYS_OFFICERS = env_int("SHIXUN_PASSWORD_DAYS_OFFICERS", 90)
PASSWORD_DAYS_ISSUED = env_int("SHIXUN_PASSWORD_DAYS_ISSUED", 14)
PASSWORD_HOURS_MINIMUM = env_int("SHIXUN_PASSWORD_HOURS_MINIMUM", 24)
# How long a proof of the second factor counts as fresh for a weighty action.
FRESH_MINUTES = env_int("SHIXUN_FRESH_MINUTES", 10)
# After how many months a role is to be confirmed again.
ROLE_REVIEW_MONTHS = env_int("SHIXUN_ROLE_REVIEW_MONTHS", 12)
# Ways in from elsewhere; each is closed while its settings are empty.
EXTERNAL_SIGN_IN = {
    "OIDC_ISSUER": env_text("SHIXUN_OIDC_ISSUER"),
    "OIDC_CLIENT_ID": env_text("SHIXUN_OIDC_CLIENT_ID"),
    "OIDC_CLIENT_SECRET": env_text("SHIXUN_OIDC_CLIENT_SECRET"),
    "OIDC_NAME": env_text("SHIXUN_OIDC_NAME", "教育局统一认证"),
    "OIDC_SCOPE": env_text("SHIXUN_OIDC_SCOPE", "openid profile"),
    "OIDC_NUMBER_CLAIM": env_text("SHIXUN_OIDC_NUMBER_CLAIM"),
    "WEIXIN_APP_ID": env_text("SHIXUN_WEIXIN_APP_ID"),
    "WEIXIN_SECRET": env_text("SHIXUN_WEIXIN_SECRET"),
    "WEIXIN_INAPP_APP_ID": env_text("SHIXUN_WEIXIN_INAPP_APP_ID"),
    "WEIXIN_INAPP_SECRET": env_text("SHIXUN_WEIXIN_INAPP_SECRET"),
    "WEIXIN_OPEN_URL": env_text("SHIXUN_WEIXIN_OPEN_URL", "https://open.weixin.qq.com"),
    "WEIXIN_API_URL": env_text("SHIXUN_WEIXIN_API_URL", "https://api.weixin.qq.com"),
}
# A form that begins a sign-in elsewhere is answered by a redirect there, which browsers hold against form-action.
_ELSEWHERE = [
    url
    for url, client in (
        (EXTERNAL_SIGN_IN["OIDC_ISSUER"], EXTERNAL_SIGN_IN["OIDC_CLIENT_ID"]),
        (
            EXTERNAL_SIGN_IN["WEIXIN_OPEN_URL"],
            EXTERNAL_SIGN_IN["WEIXIN_APP_ID"] or EXTERNAL_SIGN_IN["WEIXIN_INAPP_APP_ID"],
        ),
    )
    if client
]
FORM_TARGETS = [
    *("{0.scheme}://{0.netloc}".format(urlsplit(url)) for url in _ELSEWHERE),
    *env_list("SHIXUN_FORM_TARGETS"),
]
LOGIN_URL = "people:sign-in"
LOGIN_REDIRECT_URL = "/"
SESSION_ENGINE = "shixun.people.accounts.session_store"
SESSION_COOKIE_AGE = int(timedelta(hours=env_int("SHIXUN_SESSION_HOURS", 8)).total_seconds())
SESSION_IDLE_OFFICERS = timedelta(minutes=env_int("SHIXUN_IDLE_MINUTES_OFFICERS", 30))
SESSION_IDLE_TEACHERS = timedelta(minutes=env_int("SHIXUN_IDLE_MINUTES_TEACHERS", 120))
# Whose sessions hold only in the network they began in: officers, everyone or nobody (docs/operations.md).
SESSION_BINDS_NETWORK = env_choice("SHIXUN_SESSION_BINDS_NETWORK", "officers", ("officers", "everyone", "nobody"))
SESSION_TOUCH_SECONDS = 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "shixun.kernel.refusals.forged_form"
# A quarter of an hour without success closes an account, or an address a whole school may share, for the next one.
SIGN_IN_TRIES_PER_ACCOUNT = env_int("SHIXUN_SIGN_IN_TRIES_PER_ACCOUNT", 5)
SIGN_IN_TRIES_PER_ADDRESS = env_int("SHIXUN_SIGN_IN_TRIES_PER_ADDRESS", 50)
SIGN_IN_WINDOW_SECONDS = env_int("SHIXUN_SIGN_IN_WINDOW_SECONDS", 900)

HTTPS = env_bool("SHIXUN_HTTPS", False)
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
# A browser takes a cookie of such a name from this very host alone, over HTTPS, for the whole site.
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrftoken"
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env_bool("SHIXUN_BEHIND_PROXY", False) else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF, *FORM_TARGETS],
        "frame-ancestors": [NONE],
    },
}

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True
STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = VAR / "files"
# Spreadsheets above this size are refused; one of 200,000 rows has about 20 MB.
UPLOAD_MEGABYTES = env_int("SHIXUN_UPLOAD_MEGABYTES", 60)
# Photos and PDF handed in as evidence, each file.
EVIDENCE_MEGABYTES = env_int("SHIXUN_EVIDENCE_MEGABYTES", 15)

# Messages that leave the site (docs/operations.md); a channel without settings is closed.
SITE_URL = env_text("SHIXUN_SITE_URL", "http://localhost:8000").rstrip("/")
SITE_HOST = urlsplit(SITE_URL).hostname or "localhost"
DEFAULT_FROM_EMAIL = env_text("SHIXUN_EMAIL_FROM")
EMAIL_TIMEOUT = 10
_MAIL = env_mail("SHIXUN_EMAIL_URL")
EMAIL_HOST, EMAIL_PORT = _MAIL.host, _MAIL.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _MAIL.user, _MAIL.password
EMAIL_USE_TLS, EMAIL_USE_SSL = _MAIL.use_tls, _MAIL.use_ssl
SMS_ENDPOINT = env_text("SHIXUN_SMS_ENDPOINT", "https://dysmsapi.aliyuncs.com").rstrip("/")
SMS_KEY_ID = env_text("SHIXUN_SMS_KEY_ID")
SMS_KEY_SECRET = env_text("SHIXUN_SMS_KEY_SECRET")
SMS_SIGN = env_text("SHIXUN_SMS_SIGN", "师训")
SMS_TEMPLATE = env_text("SHIXUN_SMS_TEMPLATE")
SMS_CODE_TEMPLATE = env_text("SHIXUN_SMS_CODE_TEMPLATE")
WECHAT_NOTICE_ENDPOINT = env_text("SHIXUN_WECHAT_NOTICE_ENDPOINT", "https://api.weixin.qq.com").rstrip("/")
WECHAT_NOTICE_APP_ID = env_text("SHIXUN_WECHAT_NOTICE_APP_ID")
WECHAT_NOTICE_SECRET = env_text("SHIXUN_WECHAT_NOTICE_SECRET")
WECHAT_NOTICE_TEMPLATE = env_text("SHIXUN_WECHAT_NOTICE_TEMPLATE")
WECHAT_NOTICE_FIELDS = env_list("SHIXUN_WECHAT_NOTICE_FIELDS", ("thing1", "thing2", "time3"))

# The demo clock (docs/operations.md): it starts here and runs, so that the 13th plan is in force.
DEMO_STARTS_AT = env_text("SHIXUN_DEMO_STARTS_AT", "2019-10-14T09:00:00+08:00")
# Identity numbers are encrypted under a key of their own and matched by a keyed hash.
FIELD_KEY = env_text("SHIXUN_FIELD_KEY") or SECRET_KEY
# The heads of the logs are signed with the last of these keys; without any, one is made and kept in the var folder.
LOG_KEYS = env_list("SHIXUN_LOG_KEYS")
# How long the trail is kept; half a year at least, whatever is set.
AUDIT_MONTHS = env_int("SHIXUN_AUDIT_MONTHS", 36)
# The address under which people outside reach the site, without a slash at the end; the QR of a paper leads there.
PUBLIC_URL = env_text("SHIXUN_PUBLIC_URL").rstrip("/")
# How often somebody at one network address may have papers checked in ten minutes.
VERIFY_TRIES = env_int("SHIXUN_VERIFY_TRIES", 60)

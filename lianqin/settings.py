"""Django settings of one district.

Everything that differs between installs comes from the environment or from LIANQIN_HOME;
`lianqin serve` sets both. Nothing here opens a connection or reads a secret twice.
"""

from __future__ import annotations

import os
import secrets
import sys
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from csp.constants import SELF, UNSAFE_INLINE

from lianqin.accounts.idle_setting import idle_minutes
from lianqin.console.home import default_home

BASE_DIR = Path(__file__).resolve().parent.parent
LIANQIN_HOME = Path(os.environ.get("LIANQIN_HOME") or default_home())
WEB_DIST = Path(os.environ.get("LIANQIN_WEB_DIST") or BASE_DIR / "web" / "dist")

DEBUG = False
TESTING = "pytest" in sys.modules


def _secret_key() -> str:
    """The install's own key, made by `lianqin serve`; without a home a throw-away."""
    try:
        return (LIANQIN_HOME / "keys" / "secret_key").read_text().strip()
    except OSError:
        return secrets.token_urlsafe(48)


SECRET_KEY = _secret_key()


def _second_factor_keys() -> list[str]:
    """What the secrets of second factors are encrypted with: the first line; older keys that still
    open what they closed may stand below it."""
    try:
        lines = (LIANQIN_HOME / "keys" / "second_factor_key").read_text().split()
    except OSError:
        lines = []
    return lines or [SECRET_KEY]


SECOND_FACTOR_KEYS = _second_factor_keys()
_public_host = os.environ.get("LIANQIN_HOST", "")
#: Whether this install issues its own certificates, whose root phones need.
OWN_CERTIFICATE = bool(_public_host)
_port = os.environ.get("LIANQIN_PORT", "8420")
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", "testserver"] + [
    host for host in _public_host.split(",") if host
]
CSRF_TRUSTED_ORIGINS = [f"https://{host}:{_port}" for host in _public_host.split(",") if host]
# A proxy of the district's own stands in front: it is asked for by this address.
_public_url = urlsplit(os.environ.get("LIANQIN_PUBLIC_URL", ""))
if _public_url.hostname:
    ALLOWED_HOSTS.append(_public_url.hostname)
    CSRF_TRUSTED_ORIGINS.append(f"{_public_url.scheme}://{_public_url.netloc}")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "csp",
    # Ours come first: their templates stand in for those that allauth brings.
    "lianqin.journal",
    "lianqin.accounts",
    "lianqin.files",
    "lianqin.notices",
    "lianqin.territory",
    "lianqin.force",
    "lianqin.catalogue",
    "lianqin.cases",
    "lianqin.console",
    # After ours, whose templates stand in for its own; the site is console/administration.
    "django.contrib.admin.apps.SimpleAdminConfig",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "lianqin.console.signing.apps.OpenSessions",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "lianqin.console.middleware.DatabaseAway",
    "lianqin.console.middleware.OfTheDistrict",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "lianqin.console.middleware.ApiProblems",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "lianqin.console.signing.middleware.Sittings",
]

ROOT_URLCONF = "lianqin.console.urls"
WSGI_APPLICATION = "lianqin.console.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "lianqin.console.signing.words.context",
            ]
        },
    }
]


def _database(url: str) -> dict[str, object]:
    """Turn a postgresql:// address (a socket folder may stand in `host=`) into Django's form."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    timeouts = {
        "lock_timeout": "5s",
        "statement_timeout": "30s",
        "idle_in_transaction_session_timeout": "60s",
    }
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/") or "lianqin",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", None) or unquote(parts.hostname or ""),
        "PORT": query.pop("port", None) or (str(parts.port) if parts.port else ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            **query,
            "options": " ".join(f"-c {name}={value}" for name, value in timeouts.items()),
        },
    }


DATABASES = {
    "default": _database(os.environ.get("LIANQIN_DATABASE", "postgresql://lianqin_app@/lianqin"))
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "lianqin.accounts.password_rules.LongEnough",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "lianqin.accounts.password_rules.NotCommon"},
    {
        "NAME": "lianqin.accounts.password_rules.NotLikeTheName",
        "OPTIONS": {"user_attributes": ("username", "display_name", "email")},
    },
    {"NAME": "lianqin.accounts.password_rules.Guessable"},
    {"NAME": "lianqin.accounts.password_rules.NotThePresentOne"},
]
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
LOGIN_URL = "/sign-in"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/sign-in"

# Tokens and demo sign-ins come from the install's own port; a session lives one shift and a bit.
SESSION_COOKIE_AGE = 14 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = bool(_public_host) or _public_url.scheme == "https"
# Two installs on one host (other ports) must not sign each other out.
SESSION_COOKIE_NAME = f"lianqin_session_{_port}"
#: Who needs a second factor besides the password; in a demo install nobody, unless it is asked for.
SECOND_FACTOR_ROLES = ("system_admin", "security_admin", "audit_admin", "commander")
SECOND_FACTOR_IN_DEMO = os.environ.get("LIANQIN_DEMO_SECOND_FACTOR", "") == "on"
#: Minutes that a session may lie idle, by role; the shortest of a person's roles counts, and for
#: all others it is the shift of 14 hours (accounts/session_rules.py).
IDLE_MINUTES = {
    "system_admin": 15,
    "security_admin": 15,
    "audit_admin": 15,
    "commander": 60,
    "office_staff": 60,
} | idle_minutes(os.environ.get("LIANQIN_IDLE_MINUTES", ""))

# Sign-in (django-allauth): by user name; accounts are made by administrators alone.
ACCOUNT_ADAPTER = "lianqin.console.signing.adapter.Accounts"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_SESSION_COOKIE_AGE = SESSION_COOKIE_AGE
ACCOUNT_FORMS = {
    "login": "lianqin.console.signing.forms.SignIn",
    "change_password": "lianqin.console.signing.forms.ChangePassword",
    "reauthenticate": "lianqin.console.signing.forms.ConfirmByPassword",
}
# A whole centre may sit behind one address at the change of shifts, so the address may try more
# often than an account; five wrong passwords shut an account's door for a quarter of an hour.
ACCOUNT_RATE_LIMITS = {
    "login": "120/m/ip",
    "login_failed": "20/5m/ip,100/1h/ip,5/15m/key",
    "change_password": "5/m/user,20/1h/user",
    "reauthenticate": "10/m/user",
}
MFA_ADAPTER = "lianqin.console.signing.adapter.Factors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_TOLERANCE = 1
MFA_RATE_LIMITS = {"webauthn_login": "60/m/ip"}
MFA_FORMS = {
    "add_webauthn": "lianqin.console.signing.forms.AddPasskey",
    "activate_totp": "lianqin.console.signing.forms.SetUpCodes",
    "authenticate": "lianqin.console.signing.forms.Code",
    "reauthenticate": "lianqin.console.signing.forms.ConfirmByCode",
}
USERSESSIONS_ADAPTER = "lianqin.console.signing.adapter.OpenSessions"
USERSESSIONS_TRACK_ACTIVITY = False
CSRF_FAILURE_VIEW = "lianqin.console.signing.views.form_too_old"

# What is counted against a door is counted for both server processes: in the database.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "accounts_cache",
        "KEY_PREFIX": "lq",
        "OPTIONS": {"MAX_ENTRIES": 200_000},
    }
}
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "style-src-attr": [UNSAFE_INLINE],
        "worker-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "connect-src": [SELF],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": [SELF],
        "frame-ancestors": ["'none'"],
    }
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
USE_I18N = True
USE_TZ = True
# Only until a district stands: from then on its own zone counts (middleware.OfTheDistrict).
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
STATIC_ROOT = LIANQIN_HOME / "static"

# A photo from a phone is a few megabytes; files/checks.py holds the exact limit and says so.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024

#: Push services that a browser may name: hosts, and all below them. A district's own service is
#: added by its whole origin with port (https://push.example:443), comma between several.
LIANQIN_PUSH_HOSTS = [
    "fcm.googleapis.com",
    "updates.push.services.mozilla.com",
    "push.apple.com",
    "notify.windows.com",
    "push.services.mozilla.com",
    *filter(None, os.environ.get("LIANQIN_PUSH_HOSTS", "").split(",")),
]
#: Ways to tell people besides page and push: dotted paths, comma between several; packages that
#: declare the entry point `lianqin.notice_ways` are found by themselves.
LIANQIN_NOTICE_WAYS = [w for w in os.environ.get("LIANQIN_NOTICE_WAYS", "").split(",") if w]
#: Whom a push service may write to about this install (RFC 8292): mailto: or https:.
LIANQIN_PUSH_CONTACT = os.environ.get("LIANQIN_PUSH_CONTACT", "mailto:lianqin@localhost")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}

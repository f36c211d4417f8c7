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
_public_host = os.environ.get("LIANQIN_HOST", "")
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
    "lianqin.journal",
    "lianqin.accounts",
    "lianqin.files",
    "lianqin.notices",
    "lianqin.territory",
    "lianqin.force",
    "lianqin.catalogue",
    "lianqin.cases",
    "lianqin.console",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "lianqin.console.middleware.DatabaseAway",
    "lianqin.console.middleware.OfTheDistrict",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "lianqin.console.middleware.ApiProblems",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
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
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
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

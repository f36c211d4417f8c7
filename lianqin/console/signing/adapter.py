"""What allauth asks of an install: who may pass, what is said, what is written down."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Iterable
from hashlib import sha256
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from allauth.usersessions.models import UserSession
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from lianqin.accounts.http import address, now
from lianqin.accounts.models import Posting, User
from lianqin.accounts.sitting import asks_for_second_factor
from lianqin.territory.queries import NoDistrict, district

from .noting import note
from .words import later, word


class Accounts(DefaultAccountAdapter):  # type: ignore[misc]
    """Sign-in by name and password, for accounts that administrators have made."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": later("refused"),
        "invalid_login": later("refused"),
        "too_many_login_attempts": later("locked"),
        "rate_limited": later("slow_down"),
        "incorrect_password": later("wrong_password"),
        "enter_current_password": later("wrong_password"),
        "incorrect_code": later("wrong_code"),
        "account_inactive": later("inactive"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody makes an account for themselves."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Where the request came from, as the access log has it."""
        return address(request) or "0.0.0.0"

    def is_safe_url(self, url: str | None) -> bool:
        """Whether a sign-in may lead there: this install's own pages alone."""
        request = context.request
        return url_has_allowed_host_and_scheme(
            url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        )

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Back to the account's page."""
        return "/account/"

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Keep only what one of our pages will show: nobody is told that they signed in."""
        if message is None:
            key = _SAID.get(message_template or "")
            if key is None:
                return
            message = word(key)
        super().add_message(request, level, message=message, extra_tags=extra_tags)

    def set_password(self, user: User, password: str) -> None:
        """A password that the person has chosen."""
        user.set_password(password)
        user.must_change_password = False
        user.save(update_fields=["password", "must_change_password"])

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the attempt before the password is looked at; a shut door leaves its line."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            note(request, "sign_in", "locked_out", subject=_known(credentials))
            raise

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """What was typed is not written down: it may be a password in the wrong field."""
        note(request, "sign_in", "refused", subject=_known(credentials))

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        """Every step is done: the sign-in leaves its line, with the means that were used."""
        note(request, "sign_in", "granted", user.id, subject=means(request, user))
        answer: HttpResponse = super().post_login(request, user, **kwargs)
        return answer

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """One count per name, by whichever of the install's host names it is tried."""
        name = credentials.get("username") or credentials.get("email") or ""
        return f"name:{name.lower()}"


#: Messages of allauth that a page of ours shows → our word.
_SAID = {
    "account/messages/password_changed.txt": "password_changed",
    "account/messages/password_set.txt": "password_changed",
    "mfa/messages/totp_activated.txt": "factor_added",
    "mfa/messages/totp_deactivated.txt": "factor_removed",
    "mfa/messages/webauthn_added.txt": "factor_added",
    "mfa/messages/webauthn_removed.txt": "factor_removed",
    "usersessions/messages/sessions_logged_out.txt": "sessions_ended",
}


def means(request: HttpRequest, user: User) -> str:
    """By what somebody came in: `password`, `password+totp`, `webauthn` …"""
    records = get_authentication_records(request, user)
    return "+".join(dict.fromkeys(str(r.get("type") or r.get("method")) for r in records))


def _known(credentials: dict[str, Any]) -> str:
    """The id of the account that was tried, if there is one of that name."""
    name = credentials.get("username", "")
    return str(User.objects.filter(username=name).values_list("id", flat=True).first() or "")


class OpenSessions(DefaultUserSessionsAdapter):  # type: ignore[misc]
    """The list of open sessions: ending one from afar leaves its line."""

    def end_sessions(self, sessions: Iterable[UserSession]) -> None:
        """Sign out where else somebody is signed in."""
        request = context.request
        note(request, "end_other_sessions", "granted", request.user.id)
        super().end_sessions(sessions)


class Factors(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors: secrets are kept encrypted, and a post may require one."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": later("factor_needed"),
        "cannot_generate_recovery_codes": later("codes_need_factor"),
        "incorrect_code": later("wrong_code"),
    }

    def get_totp_issuer(self) -> str:
        """The name beside the code in the app: several districts may stand there."""
        try:
            return f"联勤 {district().name_zh}"
        except NoDistrict:
            return "联勤"

    def _get_site_name(self) -> str:
        return self.get_totp_issuer()

    def encrypt(self, text: str) -> str:
        """As it is kept in the database."""
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """As the code is computed from it."""
        return _box().decrypt(encrypted_text.encode()).decode()

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        """A first name for a passkey."""
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return word("first_key") if count == 0 else f"{word('next_key')} {count + 1}"

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Not the last one of somebody whose post requires one."""
        others = (
            Authenticator.objects.filter(user=authenticator.user)
            .exclude(pk=authenticator.pk)
            .exclude(type=Authenticator.Type.RECOVERY_CODES)
        )
        return others.exists() or not factor_required(authenticator.user)


def factor_required(user: User) -> bool:
    """Whether one of the person's posts of today asks for a second factor."""
    if not asks_for_second_factor(user):
        return False
    held = Posting.objects.filter(user=user, dates__contains=timezone.localdate(now()))
    return held.filter(role__in=settings.SECOND_FACTOR_ROLES).exists()


def _box() -> MultiFernet:
    """Opens with any of the install's keys and closes with the first."""
    keys = settings.SECOND_FACTOR_KEYS
    return MultiFernet([Fernet(urlsafe_b64encode(sha256(key.encode()).digest())) for key in keys])

"""Forms of sign-in, with our labels."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import ChangePasswordForm, LoginForm, ReauthenticateForm
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as ReauthenticateByCodeForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django.core.cache import cache

from .words import later


class SignIn(LoginForm):  # type: ignore[misc]
    """User name and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.fields["login"].label = later("username")
        self.fields["login"].widget.attrs = {"autocomplete": "username", "autofocus": "autofocus"}
        self.fields["password"].label = later("password")
        self.fields["password"].help_text = ""
        self.fields["password"].widget.attrs = {"autocomplete": "current-password"}

    def add_prefix(self, field_name: str) -> str:
        """The name of the field is `username`, as clients have always sent it."""
        return "username" if field_name == "login" else str(super().add_prefix(field_name))


class ChangePassword(ChangePasswordForm):  # type: ignore[misc]
    """The present password and, twice, the new one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {
            "oldpassword": "present_password",
            "password1": "new_password",
            "password2": "new_password_again",
        }
        for name, key in labels.items():
            self.fields[name].label = later(key)
            self.fields[name].help_text = ""
            self.fields[name].widget.attrs.pop("placeholder", None)


class AddPasskey(AddWebAuthnForm):  # type: ignore[misc]
    """A name for the passkey, and whether it stands for the password too."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = later("passkey_name")
        self.fields["name"].max_length = 60
        self.fields["name"].widget.attrs["maxlength"] = 60
        self.fields["passwordless"].label = later("passkey_without_password")
        self.fields["passwordless"].help_text = ""


#: Digits on a phone's keyboard, and offered by it where it has them.
_DIGITS = {"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": "autofocus"}


class ConfirmByPassword(ReauthenticateForm):  # type: ignore[misc]
    """The password once more."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].widget.attrs = {
            "autocomplete": "current-password",
            "autofocus": "autofocus",
        }


class SetUpCodes(ActivateTOTPForm):  # type: ignore[misc]
    """The first code of a new authenticator app."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs = dict(_DIGITS)


def spend(authenticator: Authenticator, code: str) -> None:
    """A code of the app opens once in all the time in which it would be right. allauth remembers it
    for one period; with a clock that may be off, it is right for three."""
    if authenticator.type != Authenticator.Type.TOTP:
        return
    right_for = app_settings.TOTP_PERIOD * (2 * app_settings.TOTP_TOLERANCE + 2)
    key = f"spent-code:{authenticator.user_id}:{normalize_user_code(code)}"
    if not cache.add(key, 1, timeout=right_for):
        raise get_adapter().validation_error("incorrect_code")


class Code(AuthenticateForm):  # type: ignore[misc]
    """A code of the app, or a recovery code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs = dict(_DIGITS)

    def clean_code(self) -> str:
        """Right, and not used before."""
        code = str(super().clean_code())
        spend(self.authenticator, code)
        return code


class ConfirmByCode(ReauthenticateByCodeForm):  # type: ignore[misc]
    """A code once more."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs = dict(_DIGITS)

    def clean_code(self) -> str:
        """Right, and not used before."""
        code = str(super().clean_code())
        spend(self.authenticator, code)
        return code

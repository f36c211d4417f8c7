"""What a password may not be, beyond length and the list of common ones.

No rules about kinds of characters (NIST SP 800-63B, 5.1.1.2), but none that repeats itself, counts
up, or names the house.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import (
    CommonPasswordValidator,
    MinimumLengthValidator,
    UserAttributeSimilarityValidator,
)
from django.core.exceptions import ValidationError
from django.utils.translation import get_language

_WORDS = {
    "short": (
        "密码太短，至少 {least} 个字符；一句好记的话最合适。",
        "The password is too short: at least {least} characters; a sentence serves best.",
    ),
    "common": (
        "这是常见密码，太容易猜到。",
        "This is a common password and easy to guess.",
    ),
    "similar": (
        "密码与用户名或姓名太相近。",
        "The password is too close to your user name or name.",
    ),
    "repetitive": (
        "密码里反复出现同样的字符，太容易猜到。",
        "The password repeats the same few characters and is easy to guess.",
    ),
    "row": (
        "密码是一串连续的字符（如 abcdef、123456），太容易猜到。",
        "The password is a row of neighbours (abcdef, 123456) and is easy to guess.",
    ),
    "house": (
        "密码主要由本系统的名称或用户名组成，太容易猜到。",
        "The password is mostly this system's name or your user name and is easy to guess.",
    ),
    "same": (
        "新密码与现在的密码相同，请另选一个。",
        "The new password is the present one; choose another.",
    ),
    "help": (
        "不要用重复或连续的字符，不要用用户名、姓名或“lianqin”加数字；一句好记的话最合适。",
        "No repeated or consecutive characters, and not your name or 'lianqin' with a number; "
        "a sentence that you remember serves best.",
    ),
}
_ROWS = ("abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm")
_HOUSE = ("lianqin", "liandong", "lianqinliandong", "chengguan", "zhifa")


def said(code: str) -> str:
    """The words for a fault of a password, in the reader's language."""
    zh, en = _WORDS[code]
    return en if (get_language() or "").startswith("en") else zh


def repeats(password: str) -> bool:
    """Fewer than five different characters, or one short piece over and over."""
    lowered = password.lower()
    if len(set(lowered)) < 5:
        return True
    return any(lowered == (lowered[:size] * len(lowered))[: len(lowered)] for size in range(1, 5))


def counts_up(password: str) -> bool:
    """Whether nothing but neighbours on the keyboard or in the alphabet stand in it."""
    lowered = password.lower()
    steps = list(zip(lowered, lowered[1:], strict=False))
    return len(steps) > 0 and sum(_neighbours(*step) for step in steps) >= 0.8 * len(steps)


def _neighbours(first: str, second: str) -> bool:
    return any(first + second in row or second + first in row for row in _ROWS)


def names_the_house(password: str, *names: str) -> bool:
    """Whether little is left of the password without the house's name and the person's own."""
    rest = password.lower()
    for name in sorted((*_HOUSE, *(n.lower() for n in names if len(n) > 3)), key=len, reverse=True):
        rest = rest.replace(name, "")
    left = [c for c in rest if c.isalpha()]
    return len(rest) < len(password) and len(left) < 5


class LongEnough(MinimumLengthValidator):
    """Django's, in our words."""

    def get_error_message(self) -> str:
        """How long it should be."""
        return said("short").format(least=self.min_length)


class NotCommon(CommonPasswordValidator):
    """Django's list of twenty thousand, in our words."""

    def get_error_message(self) -> str:
        """That everybody guesses it."""
        return said("common")


class NotLikeTheName(UserAttributeSimilarityValidator):
    """Django's, in our words."""

    def get_error_message(self) -> str:
        """That whoever knows the person guesses it."""
        return said("similar")


class Guessable:
    """Refuses what one guesses after the common ones: repeats, rows, the house's name."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError with the reason, in the reader's language."""
        names = (getattr(user, "username", ""), getattr(user, "display_name", "")) if user else ()
        if repeats(password):
            raise ValidationError(said("repetitive"), code="password_repeats")
        if counts_up(password):
            raise ValidationError(said("row"), code="password_row")
        if names_the_house(password, *names):
            raise ValidationError(said("house"), code="password_names_house")

    def get_help_text(self) -> str:
        """What to do instead."""
        return said("help")


class NotThePresentOne:
    """Refuses the password that the account has already."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError when it is the present one."""
        kept = user.password if user is not None and user.has_usable_password() else ""
        if kept and check_password(password, kept):
            raise ValidationError(said("same"), code="password_same")

    def get_help_text(self) -> str:
        """Nothing: the general rules say enough."""
        return ""

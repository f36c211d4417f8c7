"""The install's own key for web push: made once, kept in LIANQIN_HOME/keys, 0600.

Push services know an install by it (RFC 8292); with another key every browser has to be asked anew.
"""

from __future__ import annotations

import os
import tempfile
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from py_vapid import Vapid02
from py_vapid.utils import b64urlencode

FILE = "vapid_key"


def key() -> Vapid02:
    """The key, made if it is missing. Two processes that make it at once end with the same."""
    return _loaded(str(Path(settings.LIANQIN_HOME) / "keys" / FILE))


def public_key() -> str:
    """What a browser subscribes with: the uncompressed point, base64url without padding."""
    point = key().public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return str(b64urlencode(point))


@lru_cache(maxsize=4)
def _loaded(path: str) -> Vapid02:
    at = Path(path)
    if not at.exists():
        _make(at)
    return Vapid02.from_raw(at.read_text(encoding="ascii").strip().encode())


def _make(at: Path) -> None:
    """Write a new key beside and link it into place: the first to come wins, nobody reads half."""
    at.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    number = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
    handle, temporary = tempfile.mkstemp(dir=at.parent)  # 0600 from the start
    try:
        with os.fdopen(handle, "w", encoding="ascii") as stream:
            stream.write(b64urlencode(number.to_bytes(32, "big")) + "\n")
            stream.flush()
            os.fsync(stream.fileno())
        os.link(temporary, at)
    except FileExistsError:
        pass
    finally:
        os.unlink(temporary)

"""The root certificate of the install's own authority: where Caddy keeps it, and its fingerprint.

With LIANQIN_HOST the install issues its certificates itself. A phone trusts them once it has this
root; until then it gives the page neither camera nor position, and no worker.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

#: Where Caddy puts it, below the folder that it was given.
BELOW_HOME = "caddy/pki/authorities/local/root.crt"
PAGE = "/certificate/"


@dataclass(frozen=True)
class Root:
    """The certificate as it is handed out; `fingerprint` is the SHA-256 that phones show."""

    path: Path
    pem: bytes
    der: bytes
    fingerprint: str
    until: datetime


def root_of(home: Path) -> Root | None:
    """The root of the install that lives there; None where it has issued nothing yet."""
    path = home / BELOW_HOME
    try:
        pem = path.read_bytes()
    except FileNotFoundError:
        return None
    found = x509.load_pem_x509_certificate(pem)
    digest = found.fingerprint(SHA256()).hex(":").upper()
    der = found.public_bytes(Encoding.DER)
    return Root(path, pem, der, digest, found.not_valid_after_utc)

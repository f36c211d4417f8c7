"""The root certificate on its way to a phone: the page, the file, the command."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from django.test import Client

from lianqin.cases.tests.world import World, build
from lianqin.console.certificate import BELOW_HOME
from lianqin.console.cli import main

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return build()


@pytest.fixture
def issued(home: Path, settings: object) -> bytes:
    """An install that has issued certificates; the root as DER."""
    settings.OWN_CERTIFICATE = True  # type: ignore[attr-defined]
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Trial Authority")])
    begun = datetime(2026, 11, 1, tzinfo=UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(begun)
        .not_valid_after(begun + timedelta(days=3650))
        .sign(key, SHA256())
    )
    (home / BELOW_HOME).parent.mkdir(parents=True)
    (home / BELOW_HOME).write_bytes(made.public_bytes(Encoding.PEM))
    return made.public_bytes(Encoding.DER)


def fingerprint(der: bytes) -> str:
    return ":".join(f"{byte:02X}" for byte in hashlib.sha256(der).digest())


@pytest.mark.parametrize(("language", "words"), [("zh-CN", "先核对指纹"), ("en", "Compare the")])
def test_anybody_gets_the_page_with_the_fingerprint(
    world: World, issued: bytes, language: str, words: str
) -> None:
    answer = Client().get("/certificate/", headers={"Accept-Language": language})
    page = answer.content.decode()
    assert fingerprint(issued) in page
    assert words in page
    assert '/certificate/root.crt"' in page


def test_the_file_is_the_certificate_as_phones_take_it(world: World, issued: bytes) -> None:
    answer = Client().get("/certificate/root.crt")
    assert (answer.content, answer["Content-Type"]) == (issued, "application/x-x509-ca-cert")


def test_where_nothing_is_issued_there_is_neither(world: World, settings: object) -> None:
    for own in (True, False):
        settings.OWN_CERTIFICATE = own  # type: ignore[attr-defined]
        for path in ("/certificate/", "/certificate/root.crt"):
            assert Client().get(path).status_code == 404


def test_the_command_says_where_it_is_and_shows_the_address(
    issued: bytes, home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name, value in {"HOME": str(home), "HOST": "street.example", "PORT": "8443"}.items():
        monkeypatch.setenv(f"LIANQIN_{name}", value)
    copy = tmp_path / "root.crt"
    said = CliRunner().invoke(main, ["certificate", "--output", str(copy)])
    assert said.exit_code == 0, said.output
    assert fingerprint(issued) in said.output
    assert "https://street.example:8443/certificate/" in said.output
    assert "█" in said.output
    assert copy.read_bytes() == (home / BELOW_HOME).read_bytes()


def test_the_command_says_what_is_missing(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIANQIN_LANGUAGE", "en")
    monkeypatch.setenv("LIANQIN_HOME", str(home))
    monkeypatch.setenv("LIANQIN_HOST", "")
    said = CliRunner().invoke(main, ["certificate"])
    assert (said.exit_code, "no LIANQIN_HOST" in said.output) == (1, True)
    monkeypatch.setenv("LIANQIN_HOST", "street.example")
    said = CliRunner().invoke(main, ["certificate"])
    assert (said.exit_code, "no certificate yet" in said.output) == (1, True)

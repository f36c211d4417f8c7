"""The `lianqin` command: help at once, refusals as words, `check` that tells."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from lianqin.console import serve
from lianqin.console.cli import COMMANDS, main
from lianqin.console.tests.serving import Install, temporary_root
from lianqin.console.words import Refusal


@pytest.fixture
def root(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    with temporary_root() as made:
        monkeypatch.setenv("LIANQIN_HOME", str(made))
        monkeypatch.setenv("LIANQIN_LANGUAGE", "en")
        for name in ("DATABASE_URL", "LIANQIN_DATABASE", "LIANQIN_HOST", "LIANQIN_PORT"):
            monkeypatch.delenv(name, raising=False)
        yield made


def test_help_names_every_command_and_loads_none() -> None:
    program = (
        "import sys\nfrom lianqin.console.cli import main\n"
        "main(['--help'], standalone_mode=False)\nassert 'django' not in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    for name in [*COMMANDS, "LIANQIN_HOME", "DATABASE_URL"]:
        assert name in done.stdout


def test_help_speaks_chinese_where_the_terminal_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LIANQIN_LANGUAGE", raising=False)
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert "环境变量" in CliRunner().invoke(main, ["--help"]).output


def test_a_refusal_is_words_not_a_trace(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(plan: object) -> None:
        raise Refusal("do this instead")

    monkeypatch.setattr(serve, "run", refuse)
    result = CliRunner().invoke(main, ["serve"])
    assert result.exit_code == 1
    assert result.output.strip() == "do this instead"


@pytest.mark.parametrize("port", ["0", "x", "65536"])
def test_a_bad_port_is_refused(root: Path, monkeypatch: pytest.MonkeyPatch, port: str) -> None:
    monkeypatch.setenv("LIANQIN_PORT", port)
    result = CliRunner().invoke(main, ["serve"])
    assert result.exit_code == 1
    assert "LIANQIN_PORT" in result.output


def _check() -> tuple[int, dict[str, dict[str, str]]]:
    done = subprocess.run(
        [sys.executable, "-m", "lianqin.console.cli", "check", "--json"],
        capture_output=True,
        text=True,
    )
    return done.returncode, json.loads(done.stdout)["checks"]


def test_check_makes_nothing_where_nothing_is(root: Path) -> None:
    code, findings = _check()
    assert code == 1
    assert findings["database"] == {"state": "failed", "words": "not made yet"}
    assert list(root.iterdir()) == []


def test_check_sees_open_keys_missing_tables_and_a_running_serve(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install = Install(root)
    try:
        install.start_and_wait()
        monkeypatch.setenv("LIANQIN_PORT", str(install.port))
        (root / "keys" / "secret_key").chmod(0o644)
        code, findings = _check()
    finally:
        install.clear()
    assert code == 1
    assert findings["serve"]["state"] == "ok"
    assert findings["database"]["state"] == "ok"
    assert findings["migrations"]["state"] == "failed"
    assert "secret_key (644)" in findings["keys"]["words"]

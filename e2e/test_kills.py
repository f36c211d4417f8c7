"""`kill -9` in the middle of a replay: no acknowledged write is missing, nothing is doubled.

Long (`make test-long`): a real install, a real replay, and the web worker, PostgreSQL and `serve`
itself killed three times each.
"""

from __future__ import annotations

import csv
import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from lianqin.console.processes import marked
from lianqin.console.tests.serving import Install, temporary_root

pytestmark = pytest.mark.long

LIANQIN = (sys.executable, "-c", "from lianqin.console.cli import main; main()")
ROWS = 400
KINDS = ["SW-Dirty Alley", "SW-Bulk Scheduled", "TRT-Traffic Signal Repairs", "ECC-Vehicle Look Up"]


@pytest.fixture
def install() -> Iterator[Install]:
    with temporary_root() as root:
        made = Install(root, [*LIANQIN, "serve", "--demo"])
        try:
            yield made
        finally:
            made.clear()


def requests_file(path: Path) -> Path:
    """A request file in a layout that the replay knows, with its own numbers."""
    dice = random.Random(7)
    at = datetime(2018, 4, 12, 8, 0)  # noqa: DTZ001 - the file's own local time
    with path.open("w", newline="", encoding="utf-8") as out:
        rows = csv.writer(out)
        rows.writerow(
            ["SRRecordID", "ServiceRequestNum", "SRType", "MethodReceived", "CreatedDate",
             "SRStatus", "StatusDate", "DueDate", "CloseDate", "Agency", "Address",
             "Neighborhood", "PoliceDistrict", "Latitude", "Longitude"]
        )  # fmt: skip
        for number in range(ROWS):
            at += timedelta(minutes=dice.randint(1, 20))
            text = at.strftime("%m/%d/%Y %I:%M:%S %p")
            rows.writerow(
                [f"id-{number}", f"18-{number:06d}", dice.choice(KINDS), "Phone", text, "Closed",
                 text, text, text, "Solid Waste", f"{number} MAIN ST", "", "Northern", "", ""]
            )  # fmt: skip
    return path


def environment(install: Install) -> dict[str, str]:
    return os.environ | {
        "LIANQIN_HOME": str(install.home.root),
        "LIANQIN_PORT": str(install.port),
        "LIANQIN_LANGUAGE": "en",
    }


def replay(install: Install, file: Path, report: Path) -> subprocess.Popen[bytes]:
    with report.with_suffix(".txt").open("wb") as said:
        return subprocess.Popen(
            [*LIANQIN, "replay", str(file), "--speed", "max", "--report", str(report)],
            env=environment(install),
            stdout=said,
            stderr=subprocess.STDOUT,
        )


def entries(install: Install) -> int:
    """How many acts the journal holds, without the alerts of clocks, which go on by themselves;
    0 while nobody answers."""
    state = install.home.read_state() or {}
    try:
        with psycopg.connect(str(state.get("database", "")), connect_timeout=2) as connection:
            row = connection.execute(
                "SELECT count(*) FROM journal_entry WHERE act <> 'clock_alert'"
            ).fetchone()
            return int(row[0]) if row else 0
    except psycopg.Error:
        return 0


def kill_web_worker(install: Install) -> None:
    parent = install.pid_of("web")
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    os.kill(int(children[-1]), signal.SIGKILL)


def kill_postgres(install: Install) -> None:
    os.kill(int((install.home.pg / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)


def kill_serve(install: Install) -> None:
    assert install.process is not None
    install.process.kill()
    install.process.wait()
    install.until(lambda: not marked(install.home.root))
    install.start_and_wait(180)


def test_a_replay_outlives_every_kill_and_leaves_an_exact_journal(
    install: Install, tmp_path: Path
) -> None:
    install.start_and_wait(180)
    file, report = requests_file(tmp_path / "requests.csv"), tmp_path / "report.json"
    running = replay(install, file, report)
    for _ in range(3):
        for kill in (kill_web_worker, kill_postgres, kill_serve):
            reached = entries(install)
            # Something must have been written since the last kill, so that there is a middle.
            install.until(
                lambda was=reached: entries(install) > was + 30 or running.poll() is not None, 120
            )
            assert running.poll() is None, "the replay ended before every kill had come"
            kill(install)
            install.until(lambda: install.phase() == "serving" and entries(install) > 0, 60)
    code = running.wait(timeout=600)
    assert code == 0, report.with_suffix(".txt").read_text()

    told = json.loads(report.read_text())
    with psycopg.connect(str((install.home.read_state() or {})["database"])) as db:

        def one(sql: str) -> int:
            row = db.execute(sql).fetchone()  # type: ignore[arg-type]
            return int(row[0]) if row else -1

        assert one("SELECT count(*) FROM cases_report WHERE origin = 'replay'") == ROWS
        assert one("SELECT count(*) FROM cases_case WHERE origin = 'replay'") == ROWS
        assert one(
            "SELECT count(*) FROM cases_case WHERE origin = 'replay'"
            " AND state NOT IN ('closed', 'rejected', 'joined')"
        ) == 0  # fmt: skip
        assert one(
            "SELECT count(*) FROM cases_case c WHERE version <>"
            " (SELECT count(*) FROM journal_entry e"
            "  WHERE e.subject_id = c.id AND e.act <> 'clock_alert')"
            " AND report_count = 1"
        ) == 0  # fmt: skip
        assert one(
            "SELECT count(*) FROM (SELECT 1 FROM cases_case GROUP BY duty_date"
            " HAVING count(*) <> max(serial)) gaps"
        ) == 0  # fmt: skip
        written = one(
            "SELECT count(*) FROM journal_entry"
            " WHERE origin = 'replay' AND act NOT IN ('upload', 'clock_alert')"
        )
    assert written == ROWS + sum(told["acts"].values())

    verified = subprocess.run(
        [*LIANQIN, "journal", "verify", "--json"], env=environment(install), capture_output=True
    )
    assert verified.returncode == 0, verified.stdout
    again = replay(install, file, report)
    grown = entries(install)
    assert again.wait(timeout=300) == 0
    assert entries(install) == grown, "the same file again added something"

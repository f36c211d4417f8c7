"""The embedded PostgreSQL and the set-up of one of the user's."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

import psycopg
import pytest

from lianqin.console.database import External, database
from lianqin.console.home import Home
from lianqin.console.postgres import SUPERUSER, Embedded
from lianqin.console.processes import postgres_of, wait_gone
from lianqin.console.roles import APP, OWNER
from lianqin.console.tests.serving import temporary_root
from lianqin.console.words import Refusal


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIANQIN_LANGUAGE", "en")
    for name in ("DATABASE_URL", "LIANQIN_DATABASE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def root() -> Iterator[Path]:
    with temporary_root() as made:
        yield made


@pytest.fixture
def server(root: Path) -> Iterator[Embedded]:
    with Embedded(root, durable=False) as running:
        yield running


def one(url: str, question: str) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(question.encode()).fetchone()
    assert row is not None
    return row[0]


def do(url: str, *statements: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def test_the_application_writes_rows_but_makes_no_tables(server: Embedded) -> None:
    do(server.url(OWNER), "CREATE TABLE case_row (id bigserial PRIMARY KEY, word text)")
    do(server.url(APP), "INSERT INTO case_row (word) VALUES ('占道')")
    assert one(server.url(APP), "SELECT word FROM case_row") == "占道"
    for refused in ("CREATE TABLE mine (a int)", "TRUNCATE case_row", "DROP TABLE case_row"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            do(server.url(APP), refused)


def test_neither_role_is_a_superuser(server: Embedded) -> None:
    question = (
        "SELECT bool_or(rolsuper OR rolcreatedb OR rolcreaterole) FROM pg_roles"
        " WHERE rolname LIKE 'lianqin%'"
    )
    assert one(server.url(), question) is False


def test_chinese_has_trigrams_and_dates_can_exclude(server: Embedded) -> None:
    do(server.url(SUPERUSER), "CREATE EXTENSION pg_trgm")
    assert one(server.url(), "SELECT cardinality(show_trgm('云龙区'))")
    do(
        server.url(OWNER),
        "CREATE TABLE d (k int, v daterange, EXCLUDE USING gist (k WITH =, v WITH &&))",
    )


def test_it_listens_on_no_port_and_no_one_without_password_gets_in(server: Embedded) -> None:
    assert one(server.url(SUPERUSER), "SHOW listen_addresses") == ""
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(server.url().replace(server.home.key("db_app_password"), "wrong"))


def test_data_stays_and_a_changed_key_is_set_again(root: Path) -> None:
    with Embedded(root, durable=False) as server:
        do(server.url(OWNER), "CREATE TABLE kept (a int)", "INSERT INTO kept VALUES (7)")
    (server.home.keys / "db_app_password").write_text("another-word\n")
    with Embedded(root, durable=False) as server:
        assert one(server.url(APP), "SELECT a FROM kept") == 7


def test_a_lost_superuser_key_is_explained(root: Path) -> None:
    with Embedded(root, durable=False) as server:
        pass
    (server.home.keys / "db_superuser_password").write_text("another-word\n")
    lost = Embedded(root, durable=False)
    with pytest.raises(Refusal, match="backed up together"):
        lost.start()
    lost.stop()


def test_a_half_made_cluster_and_a_stale_pid_are_no_obstacle(root: Path) -> None:
    (root / "pg.new" / "base").mkdir(parents=True)
    with Embedded(root, durable=False):
        pass
    # The number of a program that lives and is not a database: ours.
    stale = f"{os.getpid()}\n{root / 'pg'}\n1\n5432\n/tmp\n\n"
    (root / "pg" / "postmaster.pid").write_text(stale)
    with Embedded(root, durable=False) as server:
        assert one(server.url(), "SELECT 1") == 1


def test_it_ends_with_the_process_that_started_it(root: Path) -> None:
    program = (
        "import sys, time; from pathlib import Path\n"
        "from lianqin.console.postgres import Embedded\n"
        "Embedded(Path(sys.argv[1]), durable=False).start()\n"
        "print('up', flush=True); time.sleep(60)"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", program, str(root)], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "up\n"
    assert postgres_of(root / "pg")
    child.kill()
    child.communicate()
    assert wait_gone(lambda: postgres_of(root / "pg"), 20) == []


def test_a_command_outside_serve_gets_a_database_for_its_time(root: Path) -> None:
    with database(home=Home(root)) as url:
        assert os.environ["LIANQIN_DATABASE"] == url
        assert one(url, "SELECT current_user") == APP
        with database(OWNER) as inner:  # a command within a command
            assert inner == url
    assert "LIANQIN_DATABASE" not in os.environ
    assert postgres_of(root / "pg") == []


# --- a PostgreSQL of the user's: the embedded one stands in for it --------------------------------


def stand_in(server: Embedded, role: str, password: str, name: str, home: Path) -> External:
    made = Home(home)
    made.prepare()
    where = urlencode({"host": str(server.socket_folder), "port": 5432})
    return External(f"postgresql://{role}:{quote(password, safe='')}@/{name}?{where}", made)


@pytest.fixture
def bare(root: Path) -> Iterator[Embedded]:
    """A server without our roles."""
    running = Embedded(root / "theirs", durable=False)
    running.start()
    yield running
    running.stop()


@pytest.mark.parametrize("rights", ["SUPERUSER", "CREATEDB CREATEROLE"])
def test_an_administrator_needs_to_do_nothing(bare: Embedded, root: Path, rights: str) -> None:
    do(bare.url(SUPERUSER, "postgres"), f"CREATE ROLE boss LOGIN {rights} PASSWORD 'p'")
    theirs = stand_in(bare, "boss", "p", "city", root / "ours")
    theirs.prepare()
    theirs.prepare()
    assert theirs.database == "city"
    do(theirs.url(OWNER), "CREATE TABLE t (a int)")
    do(theirs.url(APP), "INSERT INTO t VALUES (1)")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        do(theirs.url(APP), "CREATE TABLE u (a int)")


def test_a_login_without_rights_is_told_the_sql_and_that_sql_works(
    bare: Embedded, root: Path
) -> None:
    do(bare.url(SUPERUSER, "postgres"), "CREATE ROLE clerk LOGIN PASSWORD 'p'")
    theirs = stand_in(bare, "clerk", "p", "postgres", root / "ours")
    assert theirs.database == "lianqin"
    with pytest.raises(Refusal) as refusal:
        theirs.prepare()
    words = str(refusal.value)
    assert "Have an administrator run this in psql" in words
    assert theirs.home.key("db_owner_password") not in words
    script = words.split("\n\n", 1)[1]
    subprocess.run(
        [bare.binaries / "psql", "-v", "ON_ERROR_STOP=1", bare.url(SUPERUSER, "postgres")],
        input=script,
        text=True,
        check=True,
        capture_output=True,
    )
    theirs.prepare()
    do(theirs.url(OWNER), "CREATE TABLE t (a int)")
    do(theirs.url(APP), "INSERT INTO t VALUES (1)")


def test_roles_with_other_passwords_are_not_overwritten(bare: Embedded, root: Path) -> None:
    first = stand_in(bare, SUPERUSER, bare.home.key("db_superuser_password"), "a", root / "one")
    first.prepare()
    second = stand_in(bare, SUPERUSER, bare.home.key("db_superuser_password"), "b", root / "two")
    with pytest.raises(Refusal, match="put the keys back"):
        second.prepare()
    assert one(first.url(APP), "SELECT 1") == 1

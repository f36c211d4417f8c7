"""Roles, database and rights, the same for the embedded server and for one of the user's.

`lianqin_owner` owns the tables and migrates; `lianqin_app` runs, and gets on tables only what
default rights and migrations give it. Neither is a superuser.
"""

from __future__ import annotations

from urllib.parse import quote, urlencode, urlsplit, urlunsplit

import psycopg
from psycopg import sql

from lianqin.console.words import Refusal, tr

OWNER = "lianqin_owner"
APP = "lianqin_app"
OLDEST = 15


def address(role: str, password: str, database: str, host: str, port: int) -> str:
    """A postgresql:// address; a host beginning with "/" is the folder of a unix socket."""
    login = f"{quote(role, safe='')}:{quote(password, safe='')}"
    where = urlencode({"host": host, "port": port})
    return f"postgresql://{login}@/{quote(database, safe='')}?{where}"


def with_login(url: str, role: str, password: str, database: str) -> str:
    """The same server as in `url`, for another role and database (options kept)."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    login = f"{quote(role, safe='')}:{quote(password, safe='')}@{host}"
    return urlunsplit(("postgresql", login, "/" + quote(database, safe=""), parts.query, ""))


def prepare(
    admin_url: str,
    database: str,
    *,
    owner_password: str,
    app_password: str,
    own_cluster: bool = False,
) -> None:
    """Make roles, database, rights and extensions, as far as they are missing.

    `own_cluster`: the server is ours alone, so a differing password of a role is simply set again.
    Raises Refusal with the exact SQL for an administrator when the login may not do it.
    """
    passwords = {OWNER: owner_password, APP: app_password}
    if not own_cluster and _is_prepared(admin_url, database, passwords):
        return
    script: list[str] = []
    try:
        with connect(admin_url, database, fall_back=True) as admin:
            _check_version(admin)
            script = _cluster_script(admin, database, passwords, own_cluster)
            for statement in script:
                admin.execute(statement.encode())
        with connect(admin_url, database) as inside:
            for statement in _database_script(database, _is_superuser(inside)):
                inside.execute(statement.encode())
    except psycopg.errors.InsufficientPrivilege as error:
        raise Refusal(_for_administrator(admin_url, database, passwords, error)) from error
    if not own_cluster and not _is_prepared(admin_url, database, passwords):
        raise Refusal(
            tr(
                f"角色 {OWNER} 或 {APP} 已存在,但密码与 LIANQIN_HOME/keys 中的不同:"
                "请把原密钥放回 keys/,或由管理员重设密码。",
                f"The role {OWNER} or {APP} exists with another password than LIANQIN_HOME/keys "
                "holds: put the keys back, or have an administrator set the passwords anew.",
            )
        )


def drop(admin_url: str, database: str) -> None:
    """Drop a database with all it holds, connections included; the roles stay."""
    with connect(admin_url, "postgres") as admin:
        name = sql.Identifier(database).as_string(admin)
        admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())


def connect(url: str, database: str, *, fall_back: bool = False) -> psycopg.Connection:
    """Connect to a database of the server; with `fall_back` to `postgres` while it is absent."""
    name = psycopg.conninfo.make_conninfo(url, dbname=database, connect_timeout=10)
    try:
        return psycopg.connect(name, autocommit=True)
    except psycopg.OperationalError as error:
        if fall_back and "does not exist" in str(error) and "database" in str(error):
            return connect(url, "postgres")
        raise Refusal(
            tr("无法连接数据库:", "The database does not answer:") + f" {error}".rstrip()
        ) from error


def _check_version(admin: psycopg.Connection) -> None:
    if admin.info.server_version // 10000 < OLDEST:
        raise Refusal(
            tr(
                f"需要 PostgreSQL {OLDEST} 或更新版本。",
                f"PostgreSQL {OLDEST} or newer is needed; this one is "
                f"{admin.info.server_version // 10000}.",
            )
        )


def _is_superuser(admin: psycopg.Connection) -> bool:
    row = admin.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
    return bool(row and row[0])


def _is_prepared(admin_url: str, database: str, passwords: dict[str, str]) -> bool:
    """Whether both roles get in and find what they need; nothing is changed."""
    question = """
        SELECT has_schema_privilege('public', 'USAGE')
           AND EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'btree_gist')
           AND pg_catalog.pg_get_userbyid(n.nspowner) = %s
          FROM pg_namespace n WHERE n.nspname = 'public'"""
    try:
        for role, password in passwords.items():
            url = with_login(admin_url, role, password, database)
            with psycopg.connect(url, connect_timeout=10) as connection:
                row = connection.execute(question, [OWNER]).fetchone()
                if not row or not row[0]:
                    return False
    except psycopg.Error:
        return False
    return True


def _cluster_script(
    admin: psycopg.Connection, database: str, passwords: dict[str, str], own_cluster: bool
) -> list[str]:
    """Statements for roles and database that are still missing on this server."""
    found = {
        name
        for (name,) in admin.execute(
            "SELECT rolname FROM pg_roles WHERE rolname = ANY(%s)", [[OWNER, APP]]
        )
    }
    script = []
    for role, password in passwords.items():
        if role in found and not (own_cluster and not _may_enter(admin, role, password)):
            continue
        script.append(_role_statement(admin, role, password, exists=role in found))
    if not admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone():
        if not _is_superuser(admin):
            # Whoever makes a database for another role must be a member of that role.
            script.append(f"GRANT {OWNER} TO CURRENT_USER")
        builtin = admin.info.server_version >= 170000
        locale = " LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8'" if builtin else ""
        name = sql.Identifier(database).as_string(admin)
        script.append(
            f"CREATE DATABASE {name} OWNER {OWNER} TEMPLATE template0 ENCODING 'UTF8'{locale}"
        )
    return script


def _may_enter(admin: psycopg.Connection, role: str, password: str) -> bool:
    name = psycopg.conninfo.make_conninfo(
        admin.info.dsn, user=role, password=password, dbname="postgres"
    )
    try:
        psycopg.connect(name).close()
    except psycopg.OperationalError:
        return False
    return True


def _role_statement(admin: psycopg.Connection, role: str, password: str, *, exists: bool) -> str:
    """CREATE or ALTER ROLE with the password's verifier, so that no log holds the password."""
    verifier = admin.pgconn.encrypt_password(
        password.encode(), role.encode(), b"scram-sha-256"
    ).decode()
    verb = "ALTER" if exists else "CREATE"
    return (
        f"{verb} ROLE {role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE "
        f"PASSWORD {sql.Literal(verifier).as_string(admin)}"
    )


def _database_script(database: str, superuser: bool) -> list[str]:
    """Statements to run inside the database; all may be repeated."""
    name = sql.Identifier(database).as_string(None)
    default = f"ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} IN SCHEMA public"
    return [
        *([] if superuser else [f"GRANT {OWNER} TO CURRENT_USER"]),
        f"ALTER DATABASE {name} OWNER TO {OWNER}",
        f"REVOKE ALL ON DATABASE {name} FROM PUBLIC",
        f"GRANT CONNECT ON DATABASE {name} TO {APP}",
        "CREATE EXTENSION IF NOT EXISTS btree_gist",
        f"ALTER SCHEMA public OWNER TO {OWNER}",
        "REVOKE ALL ON SCHEMA public FROM PUBLIC",
        f"GRANT USAGE ON SCHEMA public TO {APP}",
        f"{default} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {APP}",
        f"{default} GRANT USAGE ON SEQUENCES TO {APP}",
    ]


def _for_administrator(
    admin_url: str, database: str, passwords: dict[str, str], error: psycopg.Error
) -> str:
    """The script an administrator must run once in psql, complete with the roles' verifiers."""
    with connect(admin_url, database, fall_back=True) as admin:
        outside = _cluster_script(admin, database, passwords, own_cluster=False)
    outside = [line for line in outside if not line.startswith("GRANT")]
    inside = _database_script(database, superuser=True)
    lines = [*outside, f"\\connect {database}", *inside]
    script = "\n".join(line if line.startswith("\\") else line + ";" for line in lines)
    reason = (error.diag.message_primary or str(error)).strip()
    head = tr(
        f"DATABASE_URL 中的用户权限不足({reason})。请管理员在 psql 中执行:",
        f"The login in DATABASE_URL lacks rights ({reason}). "
        "Have an administrator run this in psql:",
    )
    return f"{head}\n\n{script}\n"

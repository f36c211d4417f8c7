"""Imports as they are written: in one transaction, by whoever may, one at a time."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from django.db import connection, connections

from lianqin.accounts.models import User
from lianqin.accounts.principal import Post, Principal
from lianqin.accounts.refusals import Forbidden
from lianqin.accounts.runner import Command, request_hash
from lianqin.catalogue.actions import import_duty_list, import_standards
from lianqin.catalogue.models import CaseClass, DutyLine, Standard
from lianqin.catalogue.versions import Dated, NewVersion, cited
from lianqin.force.models import Agency
from lianqin.journal.models import Entry
from lianqin.territory.models import District
from lianqin.worktime import FrozenNow

DISTRICT = "990101"
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
JANUARY, JULY = date(2026, 1, 1), date(2026, 7, 1)


def set_up() -> CaseClass:
    District.objects.create(code=DISTRICT, name_zh="试验区", number_prefix="试验", demo=True)
    return CaseClass.objects.create(kind="event", code="0406", name_zh="占道经营")


def command(role: str = "system_admin") -> Command:
    user, _ = User.objects.get_or_create(username=role, defaults={"display_name": role})
    who = Principal(user.id, role, role, (Post(role, DISTRICT),))
    return Command(who, "import", uuid4(), request_hash(uuid4()), now=FrozenNow(NOW))


def standard(of: CaseClass, start: date, hours: int = 2) -> NewVersion:
    content = {
        "filing_zh": "占道",
        "closing_zh": "清走",
        "limit_value": hours,
        "limit_unit": "urgent_hour",
        "sample": False,
    }
    return NewVersion((of.id, "1"), content, start)


@pytest.mark.django_db
def test_an_import_is_one_entry_with_counts_and_the_files_hash() -> None:
    of = set_up()
    rows = [standard(of, JANUARY), standard(of, JULY, 4), standard(of, JULY, 4)]
    done = import_standards(command(), DISTRICT, rows, "import", "abc")

    entry = Entry.objects.get()
    assert done.answer["counts"] == {"standards": 2}
    assert (entry.act, entry.subject_kind, entry.origin) == ("import", "standards", "import")
    assert entry.data == {"counts": {"standards": 2}, "file": "abc"}
    assert Standard.objects.count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize("action", [import_standards, import_duty_list])
@pytest.mark.parametrize("role", ["operator", "commander", "district_desk", "security_admin"])
def test_only_a_system_administrator_imports(action: Callable[..., object], role: str) -> None:
    set_up()
    with pytest.raises(Forbidden):
        action(command(role), DISTRICT, [])
    assert not Entry.objects.exists()


@pytest.mark.django_db
def test_the_same_key_again_gives_the_same_answer_and_writes_nothing() -> None:
    once, row = command(), standard(set_up(), JANUARY)
    first = import_standards(once, DISTRICT, [row])
    again = import_standards(once, DISTRICT, [row])

    assert again.replayed
    assert again.answer["position"] == first.answer["position"]
    assert (Standard.objects.count(), Entry.objects.count()) == (1, 1)


@pytest.mark.django_db
def test_a_line_of_the_duty_list_that_ends_leaves_nobody_on_duty() -> None:
    of = set_up()
    unit = Agency.objects.create(
        code="squad", kind="squad", name_zh="中队", takes_cases=True, reach=DISTRICT
    )
    content = {
        "case_class_id": of.id,
        "unit_id": unit.id,
        "place": DISTRICT,
        "basis_zh": "文件",
        "sample": False,
    }
    for end in (None, JULY):
        import_duty_list(command(), DISTRICT, [NewVersion(("Q-1",), content, JANUARY, end)])

    line = DutyLine.objects.get()
    assert (line.valid.lower, line.valid.upper) == (JANUARY, JULY)


@pytest.mark.django_db
def test_what_upper_rooms_point_at_counts_as_cited() -> None:
    """Shown on the classes, which others point at; the mechanism asks for no room by name."""
    of = set_up()
    free = CaseClass.objects.create(kind="part", code="0406", name_zh="雕塑")
    import_standards(command(), DISTRICT, [standard(of, JANUARY)])
    classes = Dated(CaseClass, ("id",), (), cited_by_key=True)  # type: ignore[arg-type]

    assert cited(classes, [of.id, free.id]) == {of.id}
    assert cited(Dated(DutyLine, ("code",), ()), [of.id]) == {of.id}


def test_two_imports_at_once_make_one_line_of_versions(
    committed: Callable[[str], str],
) -> None:
    of = set_up()
    commands = [command(), command()]
    faults: list[BaseException] = []

    def bring(number: int) -> None:
        try:
            import_standards(
                commands[number], DISTRICT, [standard(of, (JANUARY, JULY)[number], number + 1)]
            )
        except BaseException as error:
            faults.append(error)
        finally:
            connections["default"].close()

    with connection.cursor() as cursor:  # both wait at the same door
        cursor.execute("BEGIN")
        cursor.execute("SELECT 1 FROM territory_district FOR UPDATE")
        threads = [threading.Thread(target=bring, args=(number,)) for number in (0, 1)]
        for thread in threads:
            thread.start()
        cursor.execute("SELECT pg_sleep(0.3)")
        cursor.execute("COMMIT")
    for thread in threads:
        thread.join()

    assert faults == []
    found = Standard.objects.order_by("valid")
    assert [(s.valid.lower, s.valid.upper, s.limit_value) for s in found] == [
        (JANUARY, JULY, 1),
        (JULY, None, 2),
    ]

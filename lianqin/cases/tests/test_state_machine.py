"""A machine that does anything anybody could do, and asks a second account of the rules each time.

The real actions run on PostgreSQL, as the application's own role; the model (`machine_model`)
shares no code with them. Clocks jump over weekends, National Day, nights, the ends of shifts and of
the calendar, and acts tell late what was done before.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from types import SimpleNamespace
from unittest import mock
from uuid import UUID, uuid4
from zlib import crc32

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from lianqin.accounts.models import Posting, User
from lianqin.accounts.refusals import Refusal
from lianqin.cases import actions
from lianqin.cases.actions import drawing
from lianqin.cases.models import Case, CaseRequest, Task
from lianqin.cases.tests import machine_checks as checks
from lianqin.cases.tests.machine_effects import begin, do
from lianqin.cases.tests.machine_model import ACTS, Asked, Extra, Hands, Paper, Person, effective
from lianqin.cases.tests.machine_rules import may
from lianqin.cases.tests.model_time import LOCAL
from lianqin.cases.tests.story import china, instant
from lianqin.cases.tests.world import CENTRES, DISTRICT, OFFICES, World, build
from lianqin.catalogue.models import CaseClass, DutyLine, Standard
from lianqin.force.models import Member

HERE, THERE, FAR = CENTRES[0], CENTRES[1], CENTRES[2]
#: Just before a weekend, National Day, midnight, the ends of shifts, and the end of the calendar.
MORNINGS = ["11-27 16:30", "09-30 17:00", "10-09 11:20", "11-23 23:45", "11-24 06:50",
            "11-25 18:40", "12-31 15:00", "09-24 09:00"]  # fmt: skip
JUMPS = [0, 0, 0, 1, 1, 1, 7, 7, 16, 16, 31, 31, 59, 61, 61, 90, 121, 300, 540, 900, 1441, 4320]
CLAIMS = [None, None, None, None, None, -3, -40, -300, -1500, 2, 20]
LIMITS = [(90, "minute"), (3, "urgent_hour"), (5, "work_hour"), (2, "work_day"),
          (1, "natural_day"), (6, "duty_hour")]  # fmt: skip
SOURCES = ["patrol", "patrol", "public", "city_platform", "hotline", "video"]


BY, DEADLINES = ["operator", "collector", "crew"], [30, 600, 3000, 0]
#: What brings a case on, and what happens to it beside that; the rest is rarer.
ON = {"file", "sign", "verify", "dispatch", "accept", "report_back", "check_pass", "check_fail",
      "reply", "closed_elsewhere", "close", "resume", "grant", "endorse"}  # fmt: skip
OFTEN = set(ACTS) - {"urge", "supervise", "lift_supervision", "set_parent", "leave_parent", "join",
                     "under_way", "on_scene", "reject", "cancel", "verify", "ask_verify",
                     "ask_force_close", "reopen", "designate", "refuse"}  # fmt: skip


class Ground:
    """The district that all examples share; each example is rolled back."""

    def __init__(self) -> None:
        self.world = china(build())
        self.classes = [self._class(number, limit) for number, limit in enumerate(LIMITS)]
        self.hands = [Hands(f"crew {place}", True, place) for place in (HERE, THERE, FAR)]
        reach = {"district": DISTRICT, OFFICES[0]: OFFICES[0], OFFICES[1]: OFFICES[1]}
        self.hands += [Hands(f"unit {key}", False, place) for key, place in reach.items()]
        self.ids: dict[str, UUID] = {f"crew {p}": c.id for p, c in self.world.crews.items()}
        self.ids |= {f"unit {key}": unit.id for key, unit in self.world.units.items()}
        self.people = [self._person(name) for name in self.world.people]
        self.people = [p for p in self.people if p.role in checks.ROLES]
        self.people.append(self._double())

    def _class(self, number: int, limit: tuple[int, str]) -> tuple[CaseClass, frozenset[str]]:
        """A class with that limit; the last two only by the district's unit, one by a standard."""
        made = CaseClass.objects.create(
            kind="event", code=f"09{number:02d}", name_zh="试", limit_value=limit[0],
            limit_unit=limit[1],
        )  # fmt: skip
        if number == len(LIMITS) - 1:
            Standard.objects.create(
                case_class=made, condition="1", filing_zh="立", closing_zh="结", limit_value=7,
                limit_unit="work_hour",
            )  # fmt: skip
        keys = ["district"] if number >= len(LIMITS) - 2 else ["district", OFFICES[0]]
        for key in keys:
            DutyLine.objects.create(
                code=f"{made.code}.{key[-3:]}", case_class=made, unit=self.world.units[key],
                place=DISTRICT if key == "district" else key, basis_zh="职责清单",
            )  # fmt: skip
        return made, frozenset(f"unit {key}" for key in keys)

    def _person(self, name: str) -> Person:
        post = Posting.objects.get(user=self.world.people[name])
        hands = post.crew_id or post.unit_id
        known = next((n for n, found in self.ids.items() if found == hands), "")
        return Person(name, post.role, post.place, known)

    def _double(self) -> Person:
        """Somebody of the crew who is a collector elsewhere too."""
        name = "double"
        user = User.objects.create(username=name, display_name=name, origin="demo")
        crew = self.world.crews[HERE]
        Posting.objects.create(user=user, role="crew_member", place=HERE, crew_id=crew.id)
        Posting.objects.create(user=user, role="collector", place=THERE)
        Member.objects.create(team=crew.team, crew=crew, user=user, name="某", kind="assistant")
        self.world.people[name] = user
        return Person(name, "crew_member", HERE, f"crew {HERE}")


class Machine(RuleBasedStateMachine):
    """Cases, people and a clock, done to at random."""

    ground: Ground
    steps = at = 0
    done: dict[str, int] = {}

    def __init__(self) -> None:
        super().__init__()
        self.world: World = self.ground.world
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.cases: list[tuple[Case, Paper]] = []
        self.story: list[str] = []
        Machine.at = 0

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    @initialize(morning=st.sampled_from(MORNINGS), source=st.sampled_from(SOURCES),
                which=st.integers(0, len(LIMITS) - 1))  # fmt: skip
    def wake(self, morning: str, source: str, which: int) -> None:
        self.world.clock.move_to(instant(morning))
        self._report(source, which, "collector", 2000)
        self.world.clock.advance(timedelta(minutes=1))

    @rule(number=st.integers(0, 2), pick=st.integers(0, 9999), jump=st.sampled_from(JUMPS),
          claim=st.sampled_from(CLAIMS))  # fmt: skip
    def something_happens(self, number: int, pick: int, jump: int, claim: int | None) -> None:
        """Mostly an act that fits; now and then one that may not, or a new report."""
        # Drawn numbers like to be small: mixed with the step, every act gets its turn.
        pick = crc32(f"{pick} {len(self.story)}".encode())
        self.world.clock.advance(timedelta(minutes=jump))
        if pick % 16 == 0 and len(self.cases) < 3:
            self._report(SOURCES[pick // 16 % 6], pick // 96 % 6, BY[pick // 576 % 3],
                         DEADLINES[pick // 1728 % 4])  # fmt: skip
        elif pick % 16 < 4:
            self._try_anything(number, pick // 16, claim)
        else:
            self._do_what_fits(number, pick // 16, claim)

    def _do_what_fits(self, number: int, pick: int, claim: int | None) -> None:
        """One of the acts that the model allows now."""
        at = self._counts(number, claim)
        _, paper = self._case(number)
        fitting: dict[str, list[tuple[Person, Extra]]] = {}
        for act in ACTS:
            found = [
                (who, x)
                for who in self.ground.people
                for x in self._extras(act, paper, pick)
                if may(act, paper, self._as(who, act), at, x)
            ]
            if found:
                fitting[act] = found
        wanted = (ON, OFTEN, OFTEN, set(ACTS))[pick % 4] & set(fitting)
        acts = sorted(wanted or fitting)
        if acts:
            act = acts[pick // 4 % len(acts)]
            who, x = fitting[act][pick // 400 % len(fitting[act])]
            self._do(number, act, who, x, claim)

    def _try_anything(self, number: int, pick: int, claim: int | None) -> None:
        """Any act by anybody, fitting or not; mostly by people of the place."""
        _, paper = self._case(number)
        act = sorted(ACTS)[pick % len(ACTS)]
        people = [p for p in self.ground.people if p.place in (HERE, OFFICES[0], DISTRICT)]
        people = people if pick // 50 % 4 else self.ground.people
        options = list(self._extras(act, paper, pick))
        if options:
            x = options[pick // 200 % len(options)]
            self._do(number, act, people[pick // 2000 % len(people)], x, claim)

    # --- how it is done -----------------------------------------------------------------------

    def _case(self, number: int) -> tuple[Case, Paper]:
        return self.cases[number % len(self.cases)]

    def _as(self, who: Person, act: str) -> Person:
        """The post in which that person does the act, where they have two."""
        if who.name == "double" and act in ("verify", "check_pass", "check_fail"):
            return replace(who, role="collector", place=THERE)
        return who

    def _counts(self, number: int, claim: int | None) -> datetime:
        now = self.world.clock.now()
        said = None if claim is None else now + timedelta(minutes=claim)
        return effective(said, now, self._case(number)[1].at)

    def _report(self, source: str, which: int, by: str, deadline: int) -> None:
        made, listed = self.ground.classes[which]
        now, sender = self.world.clock.now(), f"{by}@{HERE}"
        ticket = source in ("city_platform", "hotline") and deadline > 0
        until = now + timedelta(minutes=deadline) if ticket else None
        new = actions.NewReport(
            source=source, class_key=("event", made.code), spot=self.world.spot(HERE),
            deadline=until, external_number=str(uuid4()),
        )  # fmt: skip
        done = actions.report(self.world.command(sender, "report", new), new)
        case = Case.objects.get(id=done.answer["case_id"])
        standard = (7, "work_hour") if which == len(LIMITS) - 1 else None
        paper = Paper(HERE, source, LIMITS[which], standard, listed, now, until)
        paper.finders.add(sender)
        begin(paper, now)
        self.cases.append((case, paper))
        self._look(case, paper)

    def _extras(self, act: str, case: Paper, pick: int) -> Iterator[Extra]:
        """What may come with an act: one of each kind that matters."""
        plain: Extra = {
            "means": ["look", "video", "call"][pick % 3], "found": pick % 4 > 0,
            "standard": pick % 5 > 0, "reply": pick % 2 > 0, "joint": None,
            "parts": lambda of: [p for _, p in self.cases if p.parent is of],
        }  # fmt: skip
        if act in ("check_pass", "check_fail", "verify"):
            yield from ({**plain, "means": means} for means in ("look", "video", "call"))
        elif act in ("dispatch", "add_task", "designate", "ask_department"):
            joint = (2, "urgent_hour") if act == "dispatch" and pick % 3 == 0 else None
            yield from ({**plain, "hands": hands, "joint": joint} for hands in self.ground.hands)
        elif act in ("withdraw_task", "accept", "report_back", "send_back", "under_way"):
            jobs = [job for job in case.jobs if not job.ended or pick % 7 == 0]
            yield from ({**plain, "job": job} for job in jobs)
            if act != "withdraw_task":
                yield plain
        elif act in ("grant", "refuse", "endorse", "withdraw_request"):
            for request in case.requests:
                hands = self.ground.hands[pick % len(self.ground.hands)]
                yield {**plain, "request": request, "hands": hands}
        elif act in ("join", "set_parent", "link_recurrence"):
            yield from ({**plain, "other": other} for _, other in self.cases)
        elif act in ("ask_suspension", "supervise"):
            days = timedelta(days=[0, 1, 30, 365, 366][pick % 5])
            yield {**plain, "until": self.world.clock.now().astimezone(LOCAL).date() + days}
        else:
            yield plain

    def _do(self, number: int, act: str, who: Person, x: Extra, claim: int | None) -> None:
        """Do it for real, and see that what comes of it is what the model says."""
        case, paper = self._case(number)
        at = self._counts(number, claim)
        fits = may(act, paper, self._as(who, act), at, x)
        refused = self._really(case, act, who, x, claim)
        said = f"{act} by {who.name} on {paper.state} ({paper.source}) at {at}: {refused or 'done'}"
        self.story.append(said)
        assert (refused == "") is fits, "\n".join(self.story)
        Machine.steps += 1
        Machine.at += 1
        if fits:
            Machine.done[act] = Machine.done.get(act, 0) + 1
            before = paper.state
            do(act, paper, self._as(who, act), at, x)
            checks.is_in_the_table(act, before, paper.state)
        self._look(case, paper)

    def _really(self, case: Case, act: str, who: Person, x: Extra, claim: int | None) -> str:
        now = self.world.clock.now()
        said = None if claim is None else now + timedelta(minutes=claim)
        command = replace(self.world.command(who.name, act), occurred_at=said)
        try:
            with transaction.atomic():
                actions.act(command, case.id, case.version, self._words(case, act, who, x))
        except Refusal as refusal:
            return refusal.code
        return ""

    def _words(self, case: Case, act: str, who: Person, x: Extra) -> actions.Said:
        hands: Hands | None = x.get("hands")
        job, request, other = x.get("job"), x.get("request"), x.get("other")
        line = DutyLine.objects.filter(case_class_id=case.case_class_id).first()
        assert line is not None
        standard = Standard.objects.filter(case_class_id=case.case_class_id).first()
        other_case = next((c for c, p in self.cases if p is other), None)
        return actions.Said(
            reason="原因", note="已答", means=x["means"], found=x["found"],
            reply="已清理" if x["reply"] else "",
            standard_id=standard.id if standard and x["standard"] else None,
            photos=(self.world.photo(who.name),) if act == "report_back" else (),
            case_id=other_case.id if other_case else None,
            assignee=("crew" if hands.crew else "unit", self.ground.ids[hands.name])
            if hands else None,
            task_id=self._task(case, job) if job else None,
            request_id=self._request(case, request) if request else None,
            duty_line_id=line.id if act == "send_back" else None,
            until=x.get("until"), limit=x["joint"],
        )  # fmt: skip

    def _task(self, case: Case, job: object) -> UUID | None:
        paper = next(p for c, p in self.cases if c.id == case.id)
        place = [j is job for j in paper.jobs].index(True)
        return list(Task.objects.filter(case=case).order_by("id").values_list("id"))[place][0]

    def _request(self, case: Case, asked: Asked) -> UUID | None:
        paper = next(p for c, p in self.cases if c.id == case.id)
        place = [r is asked for r in paper.requests].index(True)
        rows = CaseRequest.objects.filter(case=case).order_by("id").values_list("id")
        return list(rows)[place][0] if place < len(rows) else None

    def _look(self, case: Case, paper: Paper) -> None:
        case.refresh_from_db()
        paper.checker = next(
            (n for n, u in self.world.people.items() if u.id == case.checker_id), ""
        )
        try:
            checks.looks_the_same(case, paper, self.world, self.ground.ids)
        except AssertionError as error:
            raise AssertionError("\n".join([*self.story, str(error)])) from error


def run(examples: int, steps: int, *, wild: bool = False) -> None:
    """Play so many examples of so many steps."""
    Machine.ground, Machine.steps, Machine.done = Ground(), 0, {}
    how = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        derandomize=not wild,
        database=None,
        # A failure tells its story; shrinking it would take longer than reading that.
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    # Who is drawn must not depend on chance: a failure is played a second time.
    fixed = SimpleNamespace(token_hex=lambda _: f"{Machine.at:016x}")
    with mock.patch.object(drawing, "secrets", fixed):
        run_state_machine_as_test(Machine, settings=how)


@pytest.mark.django_db
def test_whatever_is_done_comes_out_as_the_rules_say() -> None:
    run(examples=12, steps=40)
    print(f"{Machine.steps} acts tried, done: {dict(sorted(Machine.done.items()))}")
    assert Machine.steps > 200


@pytest.mark.long
@pytest.mark.django_db
def test_whatever_is_done_comes_out_as_the_rules_say_thousands_of_times() -> None:
    run(examples=120, steps=80, wild=True)
    print(f"{Machine.steps} acts tried, done: {dict(sorted(Machine.done.items()))}")
    assert Machine.steps > 4000
    assert set(Machine.done) == set(ACTS)

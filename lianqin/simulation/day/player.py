"""Playing steps over the public HTTP API: whose part it is, the ids behind the names, the act."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from lianqin.cases.rules.drawing import drawn_as_sample, replay_seed
from lianqin.simulation.client import Answer, Api, GaveUp

from .exif import taken
from .ledger import Ledger
from .plan import DayPlan
from .script import BY_DAY, Step, Story
from .stage import Player, Stage

#: Never change it: a demo that knows the old keys would play its day twice.
NAMESPACE = UUID("0c2f1f5e-52a4-5f0e-8f4f-3f0a7c4b5d21")
#: Of a hundred that were settled on the spot, so many are looked at again where nobody has chosen
#: otherwise; the keys of the day's are taken so that the plan's are drawn.
PERCENT = 8
#: How often a case is looked at again before its story is left.
LOOKS = 3
#: Who sends a picture with the report.
PICTURED = frozenset({"patrol", "video", "city_platform", "community_post"})
_RECORDS = {"record_service": "/records/services", "record_lead": "/records/leads"}


class CannotPlay(Exception):
    """A step cannot be played as things stand; the text says why."""


@dataclass
class Players:
    """Everybody who plays one day. `pictured`: reports come with pictures too."""

    api: Api
    stage: Stage
    plan: DayPlan
    ledger: Ledger
    pictured: bool = True

    def __post_init__(self) -> None:
        self._stories: dict[str, Story] = {story.key: story for story in self.plan.stories}
        self._standards: dict[str, list[str]] = {}
        #: Steps that may not be done yet, in the order of time.
        self.waiting: list[Step] = self.plan.steps()

    def also(self, stories: Iterable[Story]) -> None:
        """Play stories that do not stand in the plan, too."""
        for story in stories:
            self._stories[story.key] = story
        new = [step for story in self._stories.values() for step in story.steps]
        self.waiting = sorted(new, key=lambda step: step.minute)

    async def play(self, step: Step) -> None:
        """Play one step that is not done; a story that cannot go on is left, and why is noted.

        Raises GaveUp when the tokens do not hold any more: others were issued, to be read anew.
        """
        if self.ledger.done(step.story, step.number):
            return
        try:
            if step.act in _RECORDS:
                await self._record(step)
            elif step.act in ("report", "settle"):
                await self._report(step)
            elif step.act == "brief":
                await self._brief(step)
            else:
                await self._act(step)
        except CannotPlay as error:
            self.ledger.leave(step.story, f"{step.act}: {error}")

    def _story(self, step: Step) -> Story:
        return self._stories[step.story]

    def _who(self, step: Step) -> Player:
        return self.stage.player(step.who, self._story(step).centre, step.minute)

    def _key(self, step: Step, more: str = "") -> UUID:
        name = f"{self.stage.install} {self.plan.day.date} {step.story} {step.number} {more}"
        return uuid5(NAMESPACE, name)

    def _at(self, step: Step) -> str:
        return self.plan.day.instant(step.minute).isoformat()

    async def _record(self, step: Step) -> None:
        who = self._who(step)
        body = {**_spot(step.said), "text": step.said["text"], "occurred_at": self._at(step)}
        if "handed_to" in step.said:
            body["handed_to"] = step.said["handed_to"]
        path = _RECORDS[step.act]
        _need(await self.api.post(who.token, path, self._key(step), body))
        self.ledger.note(step.story, step.number)

    async def _brief(self, step: Step) -> None:
        _need(await self.api.get(self._who(step).token, f"/brief/{self.plan.day.date}"))
        self.ledger.note(step.story, step.number)

    async def _report(self, step: Step) -> None:
        who, said, settles = self._who(step), step.said, step.act == "settle"
        body: dict[str, Any] = {
            "source": said["source"],
            "class": said["class"],
            "description": said["description"],
            "occurred_at": self._at(step),
            **_spot(said),
        }
        if said["source"] in ("city_platform", "hotline"):
            body["external_number"] = f"YS-{self.plan.day.date:%Y%m%d}-{step.story}"
        if settles:
            body["photos_before"] = [await self._picture(step, who, "before")]
            body["photos_after"] = [await self._picture(step, who, "after")]
        elif self.pictured and said["source"] in PICTURED:
            body["photos"] = [await self._picture(step, who, "before")]
        key = self._sample_key(step) if settles else self._key(step)
        path = "/reports/settled" if settles else "/reports"
        case = _need(await self.api.post(who.token, path, key, body)).body["case"]
        self.ledger.note(step.story, step.number, case["id"], int(case["version"]))

    def _sample_key(self, step: Step) -> UUID:
        """A key under which the case is drawn for another look, or not, as the plan has it."""
        wanted, number = "sampled" in self._story(step).marks, 0
        while drawn_as_sample(replay_seed(self._key(step, str(number))), PERCENT) != wanted:
            number += 1
        return self._key(step, str(number))

    async def _picture(self, step: Step, who: Player, when: str) -> str:
        scenes = (s.said["scene"] for s in self._story(step).steps if "scene" in s.said)
        scene = next(scenes, "road")
        number = sum(step.story.encode())
        at = self.plan.day.instant(step.minute).astimezone(self.stage.zone)
        picture = taken(self.stage.picture(scene, when, number), at)
        key = self._key(step, f"picture {when}")
        name = f"{scene}-{when}.jpg"
        return str(_need(await self.api.upload(who.token, key, name, picture)).body["id"])

    async def _act(self, step: Step) -> None:
        told = self.ledger.told(step.story)
        if not told.case_id:
            raise CannotPlay("no case")
        version, why = told.version, ""
        for attempt in range(LOOKS):
            who, body = await self._body(step, told.case_id)
            body |= {"expected_version": version, "occurred_at": self._at(step)}
            key = self._key(step, str(attempt) if attempt else "")
            path = f"/cases/{told.case_id}/acts/{step.act}"
            answer = _known(await self.api.post(who.token, path, key, body))
            if answer.ok and step.refused:
                raise CannotPlay(f"was to be refused with {step.refused}")
            if answer.ok:
                case = answer.body["case"]
                self.ledger.note(step.story, step.number, told.case_id, int(case["version"]))
                return
            if step.refused and answer.code == step.refused:
                self.ledger.note(step.story, step.number, told.case_id, version)
                return
            version, why = await self._look(step, who, told.case_id, answer), answer.why
        raise CannotPlay(why)

    async def _look(self, step: Step, who: Player, case_id: str, answer: Answer) -> int:
        """The version to try again with, where somebody else has acted and the act is still to be
        had. Raises CannotPlay."""
        detail = await self._detail(step, case_id, who)
        offered = {item["act"] for item in detail["acts"]}
        if answer.status not in (409, 422) or step.act not in offered or answer.code in _FINAL:
            raise CannotPlay(f"{detail['case']['state']}, {answer.why}")
        return int(detail["case"]["version"])

    async def _detail(self, step: Step, case_id: str, who: Player) -> Mapping[str, Any]:
        answer = await self.api.get(who.token, f"/cases/{case_id}")
        return dict(_need(answer).body)

    async def _body(self, step: Step, case_id: str) -> tuple[Player, dict[str, Any]]:
        """Who plays it, and the request with ids for names."""
        said, centre = dict(step.said), self._story(step).centre
        if step.who == "checker":
            who, said["means"] = await self._checker(step, case_id)
        else:
            who = self._who(step)
        if "standard" in said:
            found = await self._standard(step, who, said.pop("standard"))
            said |= {"standard_id": found} if found else {}
        if "case" in said:
            said["case_id"] = self.ledger.told(said.pop("case")).case_id or None
        if "assignee" in said:
            hands = self.stage.player(said["assignee"], centre, step.minute).hands
            said["assignee"] = dict(hands or {})
        if said.get("photos"):
            said["photos"] = [await self._picture(step, who, when) for when in said["photos"]]
        if "request" in said or "duty_line" in said:
            said |= _found(await self._detail(step, case_id, who), said)
        return who, said

    async def _checker(self, step: Step, case_id: str) -> tuple[Player, str]:
        """By day whoever was drawn; at night the desk's neighbour looks by video."""
        desk = self.stage.player("neighbour", self._story(step).centre, step.minute)
        if BY_DAY[0] <= step.minute % 1440 < BY_DAY[1]:
            drawn = (await self._detail(step, case_id, desk))["checker"] or {}
            found = self.stage.by_id(str(drawn.get("id")))
            if found is not None:
                return found, "look"
        return desk, "video"

    async def _standard(self, step: Step, who: Player, condition: int) -> str:
        kind, code = self._story(step).class_key or ("", "")
        path = f"/classes/{kind}/{code}/standards"
        if path not in self._standards:
            on = self.plan.day.instant(step.minute).astimezone(self.stage.zone).date()
            items = _need(await self.api.get(who.token, path, on=on.isoformat())).body["items"]
            self._standards[path] = [str(item["id"]) for item in items]
        known = self._standards[path]
        return known[min(condition, len(known) - 1)] if known else ""


#: Refusals that another look does not mend.
_FINAL = frozenset({"forbidden", "photo_not_found"})


def _spot(said: Mapping[str, Any]) -> dict[str, Any]:
    return {name: said[name] for name in ("lon", "lat", "address") if name in said}


def _found(detail: Mapping[str, Any], said: dict[str, Any]) -> dict[str, Any]:
    """Ids that stand in the case: of an open request, or of a line of the duty list."""
    found: dict[str, Any] = {}
    if "request" in said:
        kind = said.pop("request")
        asked = [r for r in detail["requests"] if r["kind"] == kind]
        open_ones = [r["id"] for r in asked if r["state"] in ("asked", "endorsed")]
        found["request_id"] = (open_ones or [r["id"] for r in asked] or [None])[-1]
    if said.pop("duty_line", False):
        lines = detail["duty_lines"]
        found["duty_line_id"] = lines[0]["id"] if lines else None
    return found


def _known(answer: Answer) -> Answer:
    if answer.status == 401:
        raise GaveUp("the tokens are not known any more")
    return answer


def _need(answer: Answer) -> Answer:
    if not _known(answer).ok:
        raise CannotPlay(answer.why)
    return answer

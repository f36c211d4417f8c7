"""What notices ask of the rooms above them: cases, tasks, and who is on duty."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from lianqin.accounts.models import Posting
from lianqin.cases.models import Case, Task
from lianqin.force.models import Crew
from lianqin.notices.around import CaseFacts
from lianqin.notices.queries import signed_off
from lianqin.territory.queries import district
from lianqin.worktime import shift_of


class House:
    """The rooms of this install, as notices see them (`notices.around.Around`)."""

    def cases(self, ids: Iterable[UUID]) -> dict[UUID, CaseFacts]:
        """The cases by id (one query)."""
        rows = Case.objects.filter(id__in=set(ids)).select_related("case_class")
        needed = rows.only(
            "duty_date", "serial", "number_prefix", "place", "origin", "crew_id", "unit_id",
            "side_hands", "case_class__name_zh", "case_class__name_en",
        )  # fmt: skip
        return {case.id: _facts(case) for case in needed}

    def hands_of(self, tasks: Iterable[UUID]) -> dict[UUID, UUID]:
        """The crew or unit of each task (one query)."""
        rows = Task.objects.filter(id__in=set(tasks)).values_list("id", "crew_id", "unit_id")
        return {id: crew or unit for id, crew, unit in rows}

    def on_duty(self, users: Iterable[UUID], at: datetime) -> frozenset[UUID]:
        """Those on duty at an instant: of a crew while its shift lasts, all others for as long as
        they have not signed off (three queries).

        Until there is a roster a crew's shift is the one that it is named for, and whoever has no
        crew is there all day unless they say that they have gone.
        """
        wanted = set(users)
        if not wanted:
            return frozenset()
        shift = shift_of(at, district().tz).shift.key
        posts = Posting.objects.filter(user_id__in=wanted, dates__contains=self.today(at))
        shifts = dict(Crew.objects.values_list("id", "shift"))
        off = signed_off(wanted)
        found = {
            user
            for user, crew in posts.values_list("user_id", "crew_id")
            if (shifts.get(crew) == shift if crew else user not in off)
        }
        return frozenset(found)

    def today(self, at: datetime) -> date:
        """The district's date at an instant."""
        return at.astimezone(district().tz).date()


def _facts(case: Case) -> CaseFacts:
    found = case.case_class
    held = (case.crew_id, case.unit_id, *case.side_hands)
    return CaseFacts(
        id=case.id,
        number=case.number or "",
        place=case.place,
        origin=case.origin,
        hands=tuple(i for i in held if i is not None),
        class_zh=found.name_zh if found else "",
        class_en=(found.name_en or found.name_zh) if found else "",
    )

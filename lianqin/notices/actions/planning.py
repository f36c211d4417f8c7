"""When each way is taken: dated, and changed from a day on."""

from __future__ import annotations

from datetime import date

from django.db.backends.postgresql.psycopg_any import DateRange

from lianqin.accounts.policy import Target
from lianqin.accounts.refusals import Refusal
from lianqin.accounts.runner import Acting, Command, Done, Outcome, perform
from lianqin.notices.models import LadderPlan
from lianqin.notices.rules import Delays, climbs

#: No alert waits longer for the next person, in seconds.
LONGEST = 7200


def set_ladder(command: Command, place: str, start: date, delays: Delays) -> Done:
    """From a day on alerts climb by these times; what was in force before ends the day before.

    Raises Refusal when a later way would come before an earlier one, or the day has a plan that
    begins later already.
    """
    if not climbs(delays, LONGEST):
        raise Refusal("ladder_not_climbing", longest=LONGEST)

    def work(acting: Acting) -> Outcome:
        post = acting.authorize(Target(place))
        rows = LadderPlan.objects.select_for_update().order_by("dates")
        later = [row for row in rows if row.dates.lower > start]
        if later:
            raise Refusal("ladder_later_known", date=later[0].dates.lower.isoformat())
        last = rows.last()
        times = {
            "push_after": delays.push,
            "sms_after": delays.sms,
            "call_after": delays.call,
            "next_after": delays.next,
        }
        if last is not None and last.dates.lower == start:
            LadderPlan.objects.filter(id=last.id).update(**times)
        else:
            if last is not None:
                last.dates = DateRange(last.dates.lower, start)
                last.save(update_fields=["dates"])
            LadderPlan.objects.create(dates=DateRange(start, None), **times)
        data = {"from": start.isoformat(), **times}
        draft = acting.draft(post, ("ladder", command.key), data, place=place)
        return Outcome(draft, {"from": start.isoformat()})

    return perform(command, work)

"""Taking a case on: verify, file, sign for, reject, join, cancel, reopen, and its relations."""

from __future__ import annotations

from dataclasses import replace

from lianqin.accounts.policy import Target, allowed
from lianqin.accounts.refusals import NotHere, Refusal
from lianqin.cases.lifecycle import State
from lianqin.cases.models import Case
from lianqin.cases.rules import Given
from lianqin.catalogue.models import CaseClass, Standard
from lianqin.catalogue.queries import class_by_key, has_standards, standard

from .on_case import Change, add_photos, looks_at, verb


@verb
def ask_verify(change: Change) -> None:
    """派核实: somebody is to look before the case is filed; the intake clock rests meanwhile."""


@verb
def verify(change: Change) -> None:
    """核实: whoever looked says whether the problem is there."""
    change.case.verified = change.said.found
    change.data |= {"found": bool(change.said.found), "means": change.said.means}
    add_photos(change, change.said.photos, "report")


@looks_at("file", "sign")
def _class_and_standard(change: Change) -> Given:
    """The class named (or the one it came with), and the standard in force on the day."""
    named, case, today = change.said.class_key, change.case, change.around.today
    found: CaseClass | None = case.case_class
    if named is not None:
        found = class_by_key(*named)
        if found is None:
            raise Refusal("class_unknown", field="code", kind=named[0], value=named[1])
    change.found["class"] = found
    wanted = change.said.standard_id
    if wanted is not None:
        met = standard(wanted, today)
        if met is None or found is None or met.case_class_id != found.id:
            raise Refusal("standard_unknown", field="standard_id")
        change.found["standard"] = met
    has = found is not None and wanted is None and has_standards(found.id, today)
    return replace(change.given, standards=has)


def _classify(change: Change) -> None:
    case, found = change.case, change.found["class"]
    met: Standard | None = change.found.get("standard")
    case.case_class, case.standard = found, met
    limit = met or found
    case.limit_value, case.limit_unit = limit.limit_value, limit.limit_unit
    change.data["class"] = f"{found.kind}.{found.code}"
    if met is not None:
        change.data["standard"] = str(met.id)


@verb
def file(change: Change) -> None:
    """立案: take the case on under a class and the condition that it meets."""
    _classify(change)


@verb
def sign(change: Change) -> None:
    """中心签收: the city or the hotline has filed it; our centre takes it over."""
    _classify(change)


@verb
def reject(change: Change) -> None:
    """不予立案: say why the case is not taken on; it keeps its number."""
    change.case.closed_at = change.when.at


@verb
def cancel(change: Change) -> None:
    """撤销: taken on by mistake, or the problem went away by itself."""
    change.case.tasks.filter(ended_at=None).update(state="withdrawn", ended_at=change.when.at)
    change.case.side_hands = []
    change.case.suspended_until = None
    change.case.closed_at = change.when.at


@verb
def reopen(change: Change) -> None:
    """重新办理: it was ended too early."""
    case = change.case
    case.closed_at = case.checker = None
    if change.target is State.REPORTED:
        case.verified = None
    case.crew = case.unit = case.told_by_radio_at = None
    case.settled = False
    case.send_backs = case.designated = 0


@looks_at("join", "set_parent", "link_recurrence")
def _other_case(change: Change) -> Given:
    """The case that is named, locked; absent and out of reach answer identically."""
    who, act = change.acting.principal, change.acting.command.act
    if change.said.case_id is None:
        return change.given
    other = Case.objects.select_for_update(of=("self",)).filter(id=change.said.case_id).first()
    if other is None or allowed(who, act, Target(other.place)) is None:
        raise NotHere("case_to_join_not_found", field="case_id")
    change.found["other"] = other
    return replace(
        change.given,
        into=other.id,
        into_state=State(other.state),
        into_is_child=other.parent_id is not None,
        has_parts=act == "set_parent" and change.case.parts.exists(),
    )


@verb
def join(change: Change) -> None:
    """并案: this is the same problem as another open case; its reports count there from now on."""
    into = change.found["other"]
    into.report_count += change.case.report_count
    into.save(update_fields=["report_count"])
    change.case.joined_into = into
    change.case.closed_at = change.when.at
    change.data["into"] = str(into.id)
    change.also.append(into.id)


@verb
def link_recurrence(change: Change) -> None:
    """关联回潮: what was closed is back; this new case says of which it is the return."""
    change.case.recurrence_of = change.found["other"]
    change.data["of"] = str(change.found["other"].id)
    change.also.append(change.found["other"].id)


@verb
def set_parent(change: Change) -> None:
    """设为子案: this case is a part of a larger one, which does not close before it."""
    change.case.parent = change.found["other"]
    change.data["parent"] = str(change.found["other"].id)
    change.also.append(change.found["other"].id)


@verb
def leave_parent(change: Change) -> None:
    """解除子案: it stands by itself again."""
    change.data["parent"] = str(change.case.parent_id)
    change.case.parent = None

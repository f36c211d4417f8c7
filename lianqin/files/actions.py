"""Taking pictures in and tying them to what they show."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from lianqin.accounts.policy import Target
from lianqin.accounts.principal import Principal
from lianqin.accounts.refusals import Refusal
from lianqin.accounts.runner import Acting, Command, Done, Outcome, forget_answers, perform
from lianqin.journal.append import Stamp
from lianqin.worktime import machine_now

from .checks import FileRefused, check_image, rendition
from .models import StoredFile
from .queries import store

#: Longest edge of the picture that screens show, in pixels.
VIEW_PX = 1600
#: An upload that no act has claimed by then is an orphan.
ORPHAN_AFTER = timedelta(hours=24)

#: What HTTP calls a refused picture, where it has a word of its own.
_STATUS = {
    "too_large": 413,
    "too_many_pixels": 413,
    "heic_not_supported": 415,
    "type_not_supported": 415,
}


def upload(command: Command, content: bytes) -> Done:
    """Check and keep one picture. The bytes are on disk before the row is committed."""
    try:
        checked = check_image(content)
        view = rendition(content, VIEW_PX)
    except FileRefused as refused:
        raise _refusal(refused) from refused

    def work(acting: Acting) -> Outcome:
        post = acting.authorize(Target(""))
        disk = store()
        row = StoredFile(
            sha256=disk.write(content),
            view_sha256=disk.write(view),
            type=checked.type.value,
            width=checked.width,
            height=checked.height,
            size=len(content),
            taken_at=checked.taken_at,
            taken_lon=checked.position.lon if checked.position else None,
            taken_lat=checked.position.lat if checked.position else None,
            uploader_id=acting.principal.id,
            uploaded_at=machine_now(acting.command.now),
        )
        row.save(force_insert=True)
        data = {"sha256": row.sha256, "type": row.type, "size": row.size}
        origin = acting.principal.origin
        draft = acting.draft(post, ("file", row.id), data, origin=origin)
        answer = {
            "id": str(row.id),
            "sha256": row.sha256,
            "type": row.type,
            "width": row.width,
            "height": row.height,
            "taken_at": row.taken_at.isoformat() if row.taken_at else None,
        }
        return Outcome(draft, answer, Stamp("files_storedfile", (row.id,)))

    return perform(command, work)


def _refusal(refused: FileRefused) -> Refusal:
    refusal = Refusal(refused.code, field="file", **refused.params)
    refusal.status = _STATUS.get(refused.code, 422)
    return refusal


def attach(principal: Principal, file_ids: Iterable[UUID]) -> list[StoredFile]:
    """Claim the principal's own uploads, in the order given; part of another act's transaction.

    Raises Refusal for a file that does not exist, is somebody else's or is in use already.
    """
    wanted = list(dict.fromkeys(file_ids))
    if not wanted:
        return []
    mine = StoredFile.objects.select_for_update().filter(
        id__in=wanted, uploader_id=principal.id, attached=False
    )
    found = {row.id: row for row in mine}
    missing = [str(i) for i in wanted if i not in found]
    if missing:
        raise Refusal("photo_not_found", field="photos", value=missing[0])
    StoredFile.objects.filter(id__in=wanted).update(attached=True)
    return [found[i] for i in wanted]


def sweep(now: datetime) -> int:
    """Drop uploads that nothing claimed and bytes that no row names; returns how many rows went."""
    old = StoredFile.objects.filter(attached=False, uploaded_at__lt=now - ORPHAN_AFTER)
    with transaction.atomic():
        # Locked, so that no act claims one between looking and deleting; one being claimed stays.
        ids = list(old.select_for_update(skip_locked=True).values_list("id", flat=True))
        gone, _ = StoredFile.objects.filter(id__in=ids).delete()
        forget_answers(ids)
    store().sweep(_in_use, now - ORPHAN_AFTER)
    return gone


def _in_use(names: list[str]) -> set[str]:
    """Those of the contents that some row still names (two queries for a whole batch)."""
    originals = StoredFile.objects.filter(sha256__in=names).values_list("sha256", flat=True)
    views = StoredFile.objects.filter(view_sha256__in=names).values_list("view_sha256", flat=True)
    return set(originals) | set(views)

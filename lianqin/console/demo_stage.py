"""What the players of the demo's day are given: tokens of their own, spots, drawn scenes.

They talk HTTP like anybody; this is the one thing that the console hands them. Their tokens may say
when something happened, as a replay's may, and what they do is marked as demo.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from lianqin.accounts.actions import issue_token
from lianqin.accounts.models import ApiToken, Posting, User
from lianqin.accounts.rules import ADMINISTRATORS
from lianqin.accounts.scopes import BEFORE, SEED
from lianqin.territory.models import District

from .demo_district import scenery

FOLDER, STAGE, PICTURES = "demo-day", "stage.json", "pictures"
TOKEN, TOKEN_DAYS = "day", 365
#: Accounts that play no part in a day.
NO_PART = ("demo-setup", "replayer", "reporter-client")


def write_stage(home: Path, now: datetime) -> Path:
    """Write everything anew, tokens included; the file is the owner's alone."""
    folder = home / FOLDER
    (folder / PICTURES).mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, content in scenery.pictures():
        at = folder / PICTURES / name
        if not at.exists():
            at.write_bytes(content)
    here = District.objects.get()
    stage = {
        "district": {"code": here.code, "timezone": here.timezone},
        "accounts": _accounts(now),
        "spots": scenery.spots(),
    }
    part = folder / f"{STAGE}.part"
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        json.dump(stage, out, ensure_ascii=False)
    part.rename(folder / STAGE)
    return folder / STAGE


def _accounts(now: datetime) -> list[Mapping[str, Any]]:
    people = (
        User.objects.filter(origin="demo")
        .exclude(username__in=NO_PART)
        .exclude(postings__role__in=ADMINISTRATORS)
        .order_by("username")
    )
    ApiToken.objects.filter(user__in=people, name=TOKEN, revoked_at=None).update(revoked_at=now)
    posts: dict[object, list[dict[str, Any]]] = {}
    for post in Posting.objects.filter(user__in=people).order_by("id"):
        posts.setdefault(post.user_id, []).append(
            {
                "role": post.role,
                "place": post.place,
                "crew_id": str(post.crew_id) if post.crew_id else None,
                "unit_id": str(post.unit_id) if post.unit_id else None,
            }
        )
    return [
        {
            "id": str(user.id),
            "username": user.username,
            "token": issue_token(user, TOKEN, (*BEFORE, SEED), now=now, days=TOKEN_DAYS),
            "roles": posts[user.id],
        }
        for user in people
        if user.id in posts
    ]

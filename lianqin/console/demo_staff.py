"""`lianqin demo staff`: tokens for the people of a rehearsal district, so that a replay can act."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from django.conf import settings
from django.utils import timezone

from lianqin.accounts.actions import make_account
from lianqin.accounts.models import Posting

from .demo import write_tokens
from .imports.running import database_in_words, district_here
from .words import Refusal, tr

REPLAYER = "replayer"
#: Without somebody in each of these, cases stay where they are.
_NEEDED = ("operator", "shift_leader", "collector")
_HANDLERS = ("crew_member", "unit_liaison")


def write_staff() -> Iterator[str]:
    """Write LIANQIN_HOME/demo-accounts.json anew: a token for each demo account, and the replay's.

    The replay's own account is made if it is missing; earlier tokens of that file end. Raises
    Refusal in a real district.
    """
    with database_in_words():
        here = district_here()
        if not here.demo:
            raise Refusal(
                tr(
                    f"{here.name_zh}是真实的区,不能回放。演练区在首次导入时用 --demo 设置。",
                    f"{here.name_en} is a real district, into which nothing is replayed. "
                    "A rehearsal district is set up with --demo on its first import.",
                )
            )
        now = timezone.now()
        post = {"role": REPLAYER, "place": here.code}
        make_account(REPLAYER, tr("回放", "Replay"), [post], now=now, origin="demo")
        file = settings.LIANQIN_HOME / "demo-accounts.json"
        write_tokens(file, now)
        held = Counter(Posting.objects.filter(user__origin="demo").values_list("role", flat=True))
    yield tr(f"已写入 {file}:", f"{file}: ") + ", ".join(
        f"{role} {count}" for role, count in sorted(held.items()) if role != "system_admin"
    )
    missing = [role for role in _NEEDED if not held[role]]
    if not any(held[role] for role in _HANDLERS):
        missing.append(" / ".join(_HANDLERS))
    if missing:
        yield tr(
            f"没有 {'、'.join(missing)}:案件将停在需要他们的环节。"
            "请用 lianqin import force 导入账号。",
            f"Nobody is {', '.join(missing)}: cases will stop where they are needed. "
            "Bring accounts in with `lianqin import force`.",
        )

"""The administrators' pages: three powers, each within its place, none around the actions."""

from __future__ import annotations

from lianqin.accounts.administering import both
from lianqin.accounts.models import ApiToken, Posting, User
from lianqin.catalogue.admin import PAGES as CATALOGUE
from lianqin.force.admin import PAGES as FORCE
from lianqin.territory.admin import PAGES as TERRITORY

from . import acts, health, journal_pages, log_pages
from .people import Accounts, Posts, Tokens
from .site import Administration, Page

site = Administration(name="admin")

for table, page in {User: Accounts, Posting: Posts, ApiToken: Tokens}.items():
    site.register(table, page)
for table, page in {**FORCE, **CATALOGUE, **TERRITORY}.items():
    site.register(table, page)

site.pages = [
    Page("invite/", acts.invite, "invite", "security_admin", both("邀请新账号", "Invite somebody")),
    Page("accounts/user/<uuid:object_id>/<slug:act>/", acts.on_account, "act", "security_admin"),
    Page("accounts/posting/<uuid:object_id>/end_post/", acts.on_post, "end_post", "security_admin"),
    Page(
        "accounts/apitoken/<uuid:object_id>/revoke_token/",
        acts.on_token,
        "revoke_token",
        "security_admin",
    ),
    Page("import/", health.bringing_in, "import", "system_admin", both("导入", "Bring data in")),
    Page("health/", health.health, "health", "system_admin", both("运行状况", "Health")),
    Page(
        "access-log/", log_pages.access_log, "access_log", "audit_admin",
        both("访问日志", "Access log"),
    ),
    Page("access-log/sheet/", log_pages.sheet, "access_sheet", "audit_admin"),
    Page("journal/", journal_pages.journal, "journal", "audit_admin", both("办理日志", "Journal")),
    Page("seals/", journal_pages.seals, "seals", "audit_admin", both("封存与核验", "Seals")),
]  # fmt: skip

"""Words of the administrators' pages, in both languages."""

from __future__ import annotations

from lianqin.accounts.administering import both

POWERS = {
    "security_admin": both("安全管理", "Security"),
    "system_admin": both("系统数据", "System"),
    "audit_admin": both("审计", "Audit"),
}

WORDS = {
    "zh": {
        "start": "系统管理",
        "desk": "指挥台",
        "sign_out": "退出",
        "mine": "我的账号",
        "other": "English",
        "demo": "演示数据",
        "menu": "管理目录",
        "empty": "没有符合条件的内容",
        "only_looking": "此处只能查看。数据由导入更新，每次导入在办理日志中有一条记录。",
        "posts": "岗位",
        "no_posts": "没有岗位，此账号什么也不能办",
        "role": "岗位",
        "place": "范围",
        "from": "起始日",
        "until": "末日",
        "open_end": "长期",
        "since_ever": "一直",
        "state": "状态",
        "in_force": "在岗",
        "to_come": "未到",
        "over": "已结束",
        "end": "结束",
        "tokens": "令牌",
        "no_tokens": "没有令牌",
        "name": "用途",
        "scopes": "可用于",
        "expires": "有效至",
        "last_used": "最近使用",
        "never": "从未",
        "valid": "有效",
        "revoked": "已吊销",
        "expired": "已过期",
        "revoke": "吊销",
        "account": "账号",
        "username": "用户名",
        "person": "姓名",
        "on": "启用",
        "off": "已停用",
        "last_login": "最近登录",
        "second_factor": "两步验证",
        "has_password": "密码",
        "set": "已设置",
        "not_set": "未设置",
        "acts": "办理",
        "save_note": "每次办理在办理日志中留一条记录，只记编号，不记姓名。",
        "cancel": "返回，不办理",
        "mend": "请按提示改正；本次未保存。",
        "shown_once": "只显示这一次。离开本页后无法再看到，请现在交给本人。",
        "shown_before": "这次办理已完成，内容只在当时显示过一次。需要新的，请重新办理。",
        "back": "返回账号",
        "copy_hint": "点击后全选，再复制。",
        "filter": "筛选",
        "all": "全部",
        "kind": "种类",
        "act": "办理",
        "outcome": "结果",
        "first_day": "首日",
        "last_day": "末日",
        "person_filter": "人员(姓名或用户名)",
        "subject_kind": "对象",
        "show": "查看",
        "clear": "清除筛选",
        "newer": "回到最新",
        "older": "更早的",
        "position": "序号",
        "at": "时间",
        "who": "人员",
        "subject": "对象",
        "address": "来源地址",
        "sealed": "封存",
        "yes": "已封存",
        "no": "待封存",
        "nobody": "未登录",
        "install": "系统",
        "own_account": "这是您自己的账号，须由另一位管理员办理。",
        "service_account": "系统自用账号，不能登录，也不能变更。",
        "sheet_csv": "导出 CSV",
        "sheet_xlsx": "导出 Excel",
        "seals_line": "已封存至 {sealed_to}（第 {number} 封条，{at}），待封存 {unsealed} 条。",
        "seals_none": "尚无封条，待封存 {unsealed} 条。封存由后台进程每隔数秒进行。",
        "reading_noted": "查看、导出和核验本身也记入访问日志。",
        "data": "内容",
        "verify": "核验",
        "verify_lead": "逐条计算并与封条、封条文件对照。较慢，条数多时可在服务器上运行 lianqin "
        "journal verify。",
        "verify_now": "开始核验",
        "clean": "完好：{entries} 条，其中已封存 {sealed} 条，封条 {seals} 个。",
        "not_clean": "发现 {count} 处异常，请保留现场并报告：",
        "not_in_file": "{count} 个封条不在封条文件中，请与纸本核对。",
        "too_many": "共 {entries} 条，超过 {limit} 条，请在服务器上运行 lianqin journal verify。",
        "log_journal": "办理日志",
        "log_access": "访问日志",
        "seal": "封条",
        "covers": "条目",
        "hash": "摘要",
        "sealed_at": "封存时间",
        "check": "检查项",
        "finding": "情况",
        "ok": "正常",
        "warning": "注意",
        "failed": "异常",
        "import_lead": "单位、中心、班组、账号、类别、标准、权责清单、区域、"
        "点位和日历由表格导入，在服务器上运行下列命令。"
        "先加 --dry-run 试查：逐行说明会改什么、哪里不对，不写入。",
        "import_columns": "每张表的列见 docs/columns.md；空表可由 --template 生成。",
        "command": "命令",
        "brings": "导入什么",
        "found_wrong": "未能办理",
    },
    "en": {
        "start": "Administration",
        "desk": "Desk",
        "sign_out": "Sign out",
        "mine": "My account",
        "other": "简体中文",
        "demo": "Demo data",
        "menu": "What there is",
        "empty": "Nothing fits what was asked",
        "only_looking": "To look at only. The data changes by import; each import is an entry "
        "in the "
        "journal.",
        "posts": "Posts",
        "no_posts": "No post: this account can do nothing",
        "role": "Role",
        "place": "Place",
        "from": "From",
        "until": "Last day",
        "open_end": "open",
        "since_ever": "always",
        "state": "State",
        "in_force": "in force",
        "to_come": "to come",
        "over": "ended",
        "end": "End",
        "tokens": "Tokens",
        "no_tokens": "No tokens",
        "name": "For",
        "scopes": "May be used to",
        "expires": "Until",
        "last_used": "Last used",
        "never": "never",
        "valid": "valid",
        "revoked": "revoked",
        "expired": "expired",
        "revoke": "Revoke",
        "account": "Account",
        "username": "User name",
        "person": "Name",
        "on": "on",
        "off": "switched off",
        "last_login": "Last sign-in",
        "second_factor": "Second factor",
        "has_password": "Password",
        "set": "set",
        "not_set": "not set",
        "acts": "What can be done",
        "save_note": "Each act is one entry in the journal, by ids alone and without names.",
        "cancel": "Back, do nothing",
        "mend": "Mend what is named below; nothing was kept.",
        "shown_once": "Shown this once. Behind this page nobody sees it again: hand it over now.",
        "shown_before": "This was done before, and was shown then. Do it again for a new one.",
        "back": "Back to the account",
        "copy_hint": "A click selects all of it.",
        "filter": "Filter",
        "all": "all",
        "kind": "Kind",
        "act": "Act",
        "outcome": "Outcome",
        "first_day": "First day",
        "last_day": "Last day",
        "person_filter": "Person (name or user name)",
        "subject_kind": "About",
        "show": "Show",
        "clear": "No filter",
        "newer": "Newest",
        "older": "Older",
        "position": "No.",
        "at": "Time",
        "who": "Person",
        "subject": "About",
        "address": "Address",
        "sealed": "Seal",
        "yes": "sealed",
        "no": "not yet",
        "nobody": "not signed in",
        "install": "the install",
        "own_account": "This is your own account; another administrator has to act on it.",
        "service_account": "The install's own account: nobody signs in with it or changes it.",
        "sheet_csv": "CSV",
        "sheet_xlsx": "Excel",
        "seals_line": "Sealed up to {sealed_to} (seal {number}, {at}); {unsealed} wait for a seal.",
        "seals_none": "No seal yet; {unsealed} wait. A background process seals every few seconds.",
        "reading_noted": "Reading, taking sheets and verifying leave lines in the access log too.",
        "data": "Content",
        "verify": "Verify",
        "verify_lead": "Every entry is hashed and compared with its seal, the seals with their "
        "file. "
        "For long logs run lianqin journal verify on the server.",
        "verify_now": "Verify now",
        "clean": "Clean: {entries} entries, {sealed} of them under {seals} seals.",
        "not_clean": "{count} findings. Leave everything as it is and report them:",
        "not_in_file": "{count} seals are not in the seals file: compare with the paper.",
        "too_many": "{entries} entries, more than {limit}: run lianqin journal verify on the "
        "server.",
        "log_journal": "Journal",
        "log_access": "Access log",
        "seal": "Seal",
        "covers": "Entries",
        "hash": "Hash",
        "sealed_at": "Sealed",
        "check": "Check",
        "finding": "What was found",
        "ok": "ok",
        "warning": "warning",
        "failed": "failed",
        "import_lead": "Agencies, centres, crews, accounts, classes, standards, the duty list, "
        "areas, "
        "sites and the calendar come in as tables, by these commands on the server. Try with "
        "--dry-run "
        "first: it says row by row what would change and what is wrong, and writes nothing.",
        "import_columns": "docs/columns.md has the columns; --template makes an empty table.",
        "command": "Command",
        "brings": "What it brings",
        "found_wrong": "Not done",
    },
}

#: Acts on accounts by the names that people know them by; the page's button and title.
ACTS = {
    "invite": ("发新的邀请链接", "New invitation link"),
    "give_post": ("增加岗位", "Give a post"),
    "end_post": ("结束岗位", "End a post"),
    "switch_off_account": ("停用账号", "Switch the account off"),
    "switch_on_account": ("启用账号", "Switch the account on"),
    "end_sessions": ("退出所有登录", "Sign out everywhere"),
    "reset_second_factor": ("重置两步验证", "Reset the second factor"),
    "issue_token": ("签发令牌", "Issue a token"),
    "revoke_token": ("吊销令牌", "Revoke a token"),
}

#: What an act does, said before it is done.
LEADS = {
    "invite": (
        "生成一次性链接，本人打开后自行设置密码；之前的链接作废。请当面或经可靠渠道交给本人。",
        "Makes a one-time link at which the holder sets a password; earlier links end. Hand it "
        "over "
        "in person or by a way that you trust.",
    ),
    "give_post": (
        "给此账号增加一个岗位，按起止日生效，到期自动失效。",
        "Gives the account a role at a place between two dates; it ends by itself.",
    ),
    "end_post": (
        "结束此岗位。历史不变，今后不再有此权限。",
        "Ends the post. What was done stays; nothing more may be done with it.",
    ),
    "switch_off_account": (
        "此账号立即不能登录，已登录的立即退出，令牌失效。岗位保留，可重新启用。",
        "Nobody signs in with it, who is signed in is out at once, its tokens stop. The posts "
        "stay; it "
        "can be switched on again.",
    ),
    "switch_on_account": (
        "此账号可重新登录，岗位和密码照旧；停用前的登录不恢复，未吊销的令牌恢复。",
        "It signs in again with its password and posts; sessions from before do not come back, "
        "tokens "
        "that were not revoked do.",
    ),
    "end_sessions": (
        "此账号在所有设备上立即退出，须重新登录。令牌不受影响。",
        "Signs the account out on every device at once. Tokens go on.",
    ),
    "reset_second_factor": (
        "本人遗失手机或密钥时使用：清除动态口令、通行密钥和恢复码，并退出所有登录。"
        "请先核实本人身份。",
        "For somebody who has lost phone or key: removes code generator, passkeys and recovery "
        "codes, "
        "and signs out everywhere. Make sure first who is asking.",
    ),
    "issue_token": (
        "供程序使用。令牌只显示一次，系统只存摘要；只能做此账号岗位允许、且在所选范围内的事。",
        "For a program. Shown once, kept as a hash; it does what the account's posts allow and "
        "the "
        "scopes below name.",
    ),
    "revoke_token": (
        "此令牌立即失效，不能恢复。",
        "The token stops at once, for good.",
    ),
}

DONE = {
    "invite": ("链接已生成。", "The link is made."),
    "give_post": ("岗位已增加。", "The post is given."),
    "end_post": ("岗位已结束。", "The post is ended."),
    "switch_off_account": ("账号已停用。", "The account is off."),
    "switch_on_account": ("账号已启用。", "The account is on."),
    "end_sessions": ("已退出所有登录。", "Signed out everywhere."),
    "reset_second_factor": ("两步验证已重置。", "The second factor is reset."),
    "issue_token": ("令牌已签发。", "The token is made."),
    "revoke_token": ("令牌已吊销。", "The token is revoked."),
}

#: Kinds of lines in the access log.
KINDS = {
    "sign_in": ("登录", "Sign-in"),
    "denial": ("拒绝", "Denial"),
    "reveal": ("查看个人信息", "Reveal"),
    "account": ("账号", "Account"),
    "audit": ("审计", "Audit"),
}

#: What lines of the access log say was done or tried, where it is no act of the policy table.
LOGGED = {
    "sign_in": ("登录", "Sign-in"),
    "sign_in_demo": ("演示登录", "Demo sign-in"),
    "sign_out": ("退出", "Sign-out"),
    "make_account": ("新建账号", "Account made"),
    "set_password": ("设置密码", "Password set"),
    "take_invitation": ("接受邀请", "Invitation taken"),
    "read_access_log": ("查看访问日志", "Access log read"),
    "export_access_log": ("导出访问日志", "Access log taken as a sheet"),
    "read_journal": ("查看办理日志", "Journal read"),
    "verify_logs": ("核验封存", "Seals verified"),
    "reveal": ("查看上报人", "Reporter revealed"),
}

OUTCOMES = {
    "granted": ("通过", "granted"),
    "refused": ("未通过", "refused"),
    "clean": ("完好", "clean"),
    "not_clean": ("有异常", "not clean"),
    "forbidden": ("无权", "forbidden"),
    "not_found": ("未找到", "not found"),
}
#: Outcomes that nobody has to look at twice.
WELL = frozenset({"granted", "clean"})

#: Further acts that stand in the journal.
JOURNALLED = {
    "upload": ("上传照片", "Upload a picture"),
    "import": ("导入", "Import"),
    "set_demo_time": ("设演示时间", "Set the demo's time"),
}

#: Words of the checks of an install, by their names in `lianqin check`.
CHECK_WORDS = {
    "python": ("Python", "Python"),
    "home": ("数据目录", "Data folder"),
    "keys": ("密钥", "Keys"),
    "serve": ("服务", "Service"),
    "front end": ("前端", "Front end"),
    "database": ("数据库", "Database"),
    "journal is append-only": ("日志只可追加", "Journal is append-only"),
    "migrations": ("数据表版本", "Migrations"),
    "calendar": ("节假日历", "Calendar"),
    "seals": ("封条", "Seals"),
    "clocks": ("计时", "Clocks"),
    "demo time": ("演示时间", "Demo time"),
    "district": ("区", "District"),
}

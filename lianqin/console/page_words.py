"""Words of the server-rendered staff pages, in both languages."""

from __future__ import annotations

PAGE_WORDS = {
    "zh": {
        "title": "登录 · 联勤",
        "brand": "联勤",
        "lead": "城市联勤执法指挥平台",
        "username": "用户名",
        "password": "密码",
        "sign_in": "登录",
        "refused": "用户名或密码不对，请核对后再试。",
        "demo_mark": "演示数据",
        "demo_title": "以演示身份进入",
        "demo_lead": "本安装为演示：人员均为虚构，案件和道路为虚构或回放。选一个岗位即可进入。",
        "demo_others": "其他人员，例如抽到的核查人",
        "enter_as": "进入",
        "no_district": "尚未设置区。请运行 lianqin demo seed，或导入本区数据。",
    },
    "en": {
        "title": "Sign in · Lianqin",
        "brand": "Lianqin 联勤",
        "lead": "Command platform for joint duty in a city",
        "username": "User name",
        "password": "Password",
        "sign_in": "Sign in",
        "refused": "User name or password is wrong; check them and try again.",
        "demo_mark": "Demo data",
        "demo_title": "Enter as a demo person",
        "demo_lead": "This install is a demonstration: people are invented, cases and streets are "
        "invented or replayed. Choose a post to enter.",
        "demo_others": "Somebody else, for instance the checker who was drawn",
        "enter_as": "Enter",
        "no_district": "No district has been set up. Run 'lianqin demo seed' or import yours.",
    },
}

#: Roles in the order of their cards.
ROLE_WORDS = {
    "operator": {"zh": "坐席员", "en": "Operator"},
    "acceptor": {"zh": "受理员", "en": "Acceptor"},
    "dispatcher": {"zh": "派遣员", "en": "Dispatcher"},
    "shift_leader": {"zh": "值班长", "en": "Shift leader"},
    "commander": {"zh": "当班指挥长", "en": "Duty commander"},
    "district_desk": {"zh": "区联勤办", "en": "District desk"},
    "office_staff": {"zh": "联勤执法办公室", "en": "Office staff"},
    "crew_member": {"zh": "联勤组队员", "en": "Crew member"},
    "unit_liaison": {"zh": "承办单位联络员", "en": "Unit liaison"},
    "collector": {"zh": "信息采集员", "en": "Collector"},
    "system_admin": {"zh": "系统管理员", "en": "System administrator"},
    "security_admin": {"zh": "安全管理员", "en": "Security administrator"},
    "audit_admin": {"zh": "审计管理员", "en": "Audit administrator"},
}

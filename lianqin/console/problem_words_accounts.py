"""Words of the codes about accounts, posts and tokens; see `problem_words`."""

from __future__ import annotations

ACCOUNT_WORDS: dict[str, tuple[tuple[str, str], tuple[str, str]]] = {
    "own_account": (
        ("不能办理自己的账号", "管理员不能为自己设岗或变更自己的账号，请由另一位管理员办理。"),
        ("Not on your own account", "Another administrator has to do this."),
    ),
    "administrators_apart": (
        ("三员须分立", "此人同期已是 {held}；系统、安全、审计三种管理员须由不同的人担任。"),
        (
            "Three administrators, three people",
            "This person is {held} on the same days; system, security and audit stay apart.",
        ),
    ),
    "username_malformed": (
        ("用户名格式不对", "1 至 150 位，限字母、数字和 @ . + - _。"),
        ("The user name is malformed", "1 to 150 letters, digits or @ . + - _."),
    ),
    "username_reserved": (
        ("此用户名为系统自用", "“{value}”由系统使用，请换一个。"),
        ("The install's own name", "'{value}' is the install's own account; choose another."),
    ),
    "username_taken": (
        ("用户名已被使用", "已有账号“{value}”。给此人增加岗位，请在其账号页办理。"),
        ("The user name is taken", "'{value}' exists; give that account another post instead."),
    ),
    "name_needed": (
        ("请填写姓名", "账号须写明持有人姓名；程序账号写明用途。"),
        ("A name is needed", "Say whose account it is, or what the program does."),
    ),
    "post_needed": (
        ("请至少给一个岗位", "没有岗位的账号什么也不能办。"),
        ("A post is needed", "An account without a post can do nothing."),
    ),
    "role_unknown": (
        ("没有该岗位", "“{value}”不是可以授予的岗位。"),
        ("Unknown role", "'{value}' is no role that can be given here."),
    ),
    "hands_needed": (
        ("请选择班组或单位", "联勤组队员须选班组，单位联络员须选承办单位。"),
        ("A crew or unit is needed", "A crew member needs a crew, a liaison a unit."),
    ),
    "hands_not_of_role": (
        ("此岗位不选班组或单位", "只有联勤组队员选班组，只有单位联络员选承办单位；请留空。"),
        ("This role has no crew or unit", "Leave it empty for this role."),
    ),
    "post_starts_in_the_past": (
        ("起始日不能早于今天", "岗位最早从今天（{today}）起，不能补设过去的岗位。"),
        ("A post cannot begin in the past", "It begins today ({today}) at the earliest."),
    ),
    "post_starts_too_far_ahead": (
        ("起始日过远", "最多提前五年，请核对年份。"),
        ("Too far ahead", "At most five years; check the year."),
    ),
    "post_ends_before_it_begins": (
        ("截止日早于起始日", "请改截止日或起始日。"),
        ("It ends before it begins", "Change one of the two dates."),
    ),
    "post_ends_in_the_past": (
        ("末日不能早于今天", "最早为今天（{today}）；要立即停止，请选“立即”。"),
        (
            "The last day is past",
            "Today ({today}) or later; 'at once' ends it now.",
        ),
    ),
    "post_ends_earlier": (
        ("该岗位本来就更早结束", "此处只能提前结束；要延长请另设岗位。"),
        (
            "It ends earlier already",
            "Posts are shortened here; to prolong one, give another.",
        ),
    ),
    "post_has_ended": (
        ("该岗位已结束", "无需再办。"),
        ("The post has ended", "There is nothing left to end."),
    ),
    "post_held_already": (
        ("此人同期已有该岗位", "同一岗位、同一范围的日期不能重叠，请改起止日。"),
        ("Held already", "The same post on the same days; change the dates."),
    ),
    "account_is_off": (
        ("账号已停用", "先启用账号，再办理此项。"),
        ("The account is switched off", "Switch it on first."),
    ),
    "account_is_on": (
        ("账号未停用", "无需启用。"),
        ("The account is on", "There is nothing to switch on."),
    ),
    "service_account": (
        ("系统自用账号", "此账号由系统使用，不能登录，也不能变更。"),
        ("The install's own account", "Nobody signs in with it and nobody changes it."),
    ),
    "no_second_factor": (
        ("没有两步验证", "此账号未设置动态口令或通行密钥。"),
        ("No second factor", "The account has neither a code generator nor a passkey."),
    ),
    "token_name_needed": (
        ("请写明令牌用途", "例如“市平台对接”。"),
        ("Say what the token is for", "For instance 'city platform'."),
    ),
    "token_scope_needed": (
        ("请选择令牌范围", "至少一项，只选用得到的。"),
        ("Choose a scope", "One at least, and no more than it needs."),
    ),
    "token_scope_unknown": (
        ("没有该令牌范围", "“{value}”不是此处可用的范围。可用：{known}。"),
        ("Unknown scope", "'{value}' is no scope that can be given here. There are: {known}."),
    ),
    "token_days": (
        ("有效期不对", "1 至 {max} 天。"),
        ("How many days", "1 to {max}."),
    ),
    "token_not_for_administrators": (
        ("管理员账号不发令牌", "令牌没有第二步验证；请为程序单独建账号。"),
        (
            "No tokens for administrators",
            "A token has no second factor; make the program its own account.",
        ),
    ),
    "token_is_revoked": (
        ("令牌已吊销", "无需再办。"),
        ("The token is revoked", "There is nothing left to revoke."),
    ),
}

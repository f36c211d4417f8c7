"""The words of what notices refuse, in both languages."""

from __future__ import annotations

NOTICE_WORDS: dict[str, tuple[tuple[str, str], tuple[str, str]]] = {
    "push_service_unknown": (
        (
            "不认识的推送服务",
            "浏览器给出的推送地址不属于已知的推送服务；自建的服务须由管理员登记。",
        ),
        (
            "Unknown push service",
            "The browser's push address belongs to no service known here; an administrator adds "
            "one of your own.",
        ),
    ),
    "push_keys_unusable": (
        ("推送密钥不可用", "请在浏览器中重新开启推送。"),
        ("Unusable push keys", "Switch push on again in the browser."),
    ),
    "ladder_not_climbing": (
        (
            "升级时间不成顺序",
            "推送≤短信≤电话≤下一人，均不超过 {longest} 秒，下一人至少 1 秒。",
        ),
        (
            "The times do not climb",
            "Push ≤ SMS ≤ call ≤ next person, none above {longest} s, next person at least 1 s.",
        ),
    ),
    "ladder_later_known": (
        ("已有更晚生效的设置", "已有自 {date} 起的设置；请用该日或其后的日期。"),
        ("A later plan is there", "One begins on {date}; name that day or one after it."),
    ),
    "too_many_browsers": (
        ("接收推送的浏览器过多", "每人最多 {most} 个；请先在不用的浏览器上关闭推送。"),
        ("Too many browsers", "At most {most} per person; switch push off where it is not used."),
    ),
}

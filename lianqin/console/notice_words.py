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
    "too_many_browsers": (
        ("接收推送的浏览器过多", "每人最多 {most} 个；请先在不用的浏览器上关闭推送。"),
        ("Too many browsers", "At most {most} per person; switch push off where it is not used."),
    ),
}

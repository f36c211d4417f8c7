"""Words of what is refused about the demo time."""

from __future__ import annotations

DEMO_WORDS: dict[str, tuple[tuple[str, str], tuple[str, str]]] = {
    "demo_only": (
        ("仅限演示城区", "本安装是真实城区，时间始终为真实时间。"),
        ("Only in a demo district", "This is a real district: its time is the present."),
    ),
    "demo_time_nothing": (
        ("没有要更改的内容", "请给出 speed、paused、to 之一，或单独给出 present。"),
        ("Nothing to change", "Give speed, paused or to, or present alone."),
    ),
    "demo_time_alone": (
        ("present 须单独给出", "回到真实时间时不能同时设置 speed、paused、to。"),
        ("present stands alone", "Leave out speed, paused and to when you go back to the present."),
    ),
    "demo_speed_unusable": (
        ("速度超出范围", "速度应为 {slowest} 至 {fastest} 的整数。"),
        ("Speed out of range", "A speed is a whole number from {slowest} to {fastest}."),
    ),
    "demo_time_backward": (
        ("演示时间只能向前", "现为 {shown}，请给出之后的时间；重新开始用 make demo-reset。"),
        (
            "The demo time only goes forward",
            "It is {shown}; name a later instant. `make demo-reset` starts over.",
        ),
    ),
    "demo_time_ahead": (
        ("演示时间不能超过真实时间", "最晚为 {present}。"),
        ("The demo time cannot run ahead", "The latest is the present, {present}."),
    ),
}

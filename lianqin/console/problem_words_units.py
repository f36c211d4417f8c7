"""Words of the codes of the unit's sheet and the commander's phone; see `problem_words`."""

from __future__ import annotations

#: As `problem_words.WORDS`.
UNIT_WORDS: dict[str, tuple[tuple[str, str], tuple[str, str]]] = {
    "unit_sheet_heading_missing": (
        ("不是办理表", "前十行里没有“办理”和“任务标记”两列；请用导出的表填写。"),
        (
            "Not a sheet of tasks",
            "No 'Act' and 'Task mark' columns in the first ten rows; fill in the sheet you took "
            "out.",
        ),
    ),
    "sheet_photo_missing": (
        ("没有照片“{value}”", "请在导入时选上这张照片，或改正文件名。"),
        ("No photo '{value}'", "Choose that picture with the sheet, or mend its name."),
    ),
    "sheet_line_unknown": (
        ("权责单位“{value}”不对", "按权责清单应为：{expected}。"),
        ("'{value}' is not on the duty list", "By the duty list it is one of: {expected}."),
    ),
    "sheet_photos_unusable": (
        ("照片清单无法读取", "应为“文件名: 照片编号”的 JSON 对象，最多 {max_length} 张。"),
        (
            "The list of photos cannot be read",
            "It has to be a JSON object of file name and upload id, {max_length} at most.",
        ),
    ),
    # Moving crews.
    "crew_off_duty": (
        ("该组现在不当班", "只能调动当班的联勤组。"),
        ("That crew is off duty", "Only a crew that is on duty now can be moved."),
    ),
    "stand_by_outside_subdistrict": (
        ("备勤点在本街道之外", "跨街道调动由区联勤办决定。"),
        ("Outside the subdistrict", "The district desk moves crews across subdistricts."),
    ),
    "spot_unknown": (
        ("没有点位“{value}”", "请从列表中选择点位或社区。"),
        ("No such spot '{value}'", "Choose a site or a community from the list."),
    ),
    # Deputies.
    "deputy_at_own_place": (
        ("不是本人任指挥长的地方", "只能在本人任指挥长的中心指定代理。"),
        ("Not your own place", "A deputy is named where you yourself are the commander."),
    ),
    "deputy_starts_in_the_past": (
        ("开始日期已过", "最早从今天（{today}）起。"),
        ("The first day is over", "Today ({today}) is the earliest."),
    ),
    "deputy_dates_turned": (
        ("日期前后颠倒", "最后一天不能早于第一天。"),
        ("The dates are the wrong way round", "The last day is not before the first."),
    ),
    "deputy_too_long": (
        ("代理时间过长", "最多 {most} 天；更长的由上级另行任命。"),
        ("Too long", "{most} days at most; for longer the authority appoints somebody."),
    ),
    "deputy_too_far_ahead": (
        ("开始日期过远", "最多提前 {most} 天指定。"),
        ("Too far ahead", "At most {most} days ahead."),
    ),
    "deputy_is_oneself": (
        ("不能指定自己", "请选择本中心的其他人员。"),
        ("That is yourself", "Choose somebody else of the centre."),
    ),
    "deputy_not_of_the_place": (
        (
            "不是本中心的坐席人员",
            "代理指挥长须是届时在本中心任坐席、受理、派遣、值班长或指挥长的人。",
        ),
        (
            "Not of this centre's desk",
            "A deputy has a post at the centre's desk on the first day: operator, acceptor, "
            "dispatcher, shift leader or commander.",
        ),
    ),
    "deputy_names_no_deputy": (
        ("代理指挥长不能再指定代理", "请由指挥长本人指定。"),
        ("A deputy names no deputy", "The commander does."),
    ),
}

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
}

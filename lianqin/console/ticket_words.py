"""Words of the codes of ticket files, small records and reveals; see `problem_words`."""

from __future__ import annotations

#: As `problem_words.WORDS`.
WORDS: dict[str, tuple[tuple[str, str], tuple[str, str]]] = {
    "sheet_too_large": (
        ("文件太大", "最多 {max_bytes} 字节。"),
        ("The file is too large", "It may have up to {max_bytes} bytes."),
    ),
    "sheet_too_many_rows": (
        ("行数太多", "一次最多 {max_rows} 行，请分成几份。"),
        ("Too many rows", "At most {max_rows} at once; split it."),
    ),
    "sheet_unpacks_too_large": (
        ("文件展开后过大", "展开后最多 {max_bytes} 字节；请只保留任务所在的工作表。"),
        (
            "The file unpacks to too much",
            "At most {max_bytes} bytes unpacked; keep only the sheet with the tickets.",
        ),
    ),
    "sheet_old_excel": (
        ("旧版 Excel 文件", "请另存为 XLSX 或 CSV 后再导入。"),
        ("An old Excel file", "Save it as XLSX or CSV first."),
    ),
    "sheet_unreadable": (
        ("文件无法读取", "应为完整的 XLSX，或 UTF-8、GB18030 的 CSV。"),
        ("The file cannot be read", "It has to be a whole XLSX, or CSV in UTF-8 or GB18030."),
    ),
    "sheet_unsafe": (
        ("文件含有不安全的内容", "请把任务复制到新的工作簿后再导入。"),
        ("The file holds what is not safe", "Copy the tickets into a new workbook."),
    ),
    "sheet_quotes": (
        ("引号不成对", "第 {line} 行起引号不成对，或文件被截断。"),
        ("Quotes do not match", "From line {line} on, or the file is cut off."),
    ),
    "sheet_empty": (
        ("文件为空", "第一个工作表里没有内容。"),
        ("The file is empty", "There is nothing on its first sheet."),
    ),
    "sheet_heading_missing": (
        ("没有找到表头", "表头须有任务号，以及问题描述或小类代码；可下载模板对照。"),
        (
            "No heading found",
            "It needs an external number, and a description or class code; the template shows how.",
        ),
    ),
    "sheet_heading_twice": (
        ("列名重复", "{cells} 含义相同，请只留一列。"),
        ("A column comes twice", "{cells} mean the same; keep one."),
    ),
    "dates_turned": (
        ("日期颠倒", "结束日期不能早于开始日期。"),
        ("Dates the wrong way round", "The last date cannot be before the first."),
    ),
    "record_says_nothing": (
        ("没有内容", "请写明做了什么或发现了什么。"),
        ("Nothing is said", "Say what was done or noticed."),
    ),
    "police_body_needed": (
        ("请写明移交单位", "线索移交给哪个公安单位，例如 青年派出所。"),
        ("To whom was it handed?", "Name the police body, such as a station."),
    ),
    "police_number_needed": (
        ("请填写公安编号", "此项必填。"),
        ("The number is missing", "Enter the police's own number."),
    ),
    "police_number_noted": (
        ("已有公安编号", "编号只能登记一次。"),
        ("It has a number already", "A number is noted once."),
    ),
    "reveal_hotline_only": (
        ("不能查看", "承办人只能查看在办热线案件的诉求人。"),
        ("Not shown to handlers", "A handler sees only the hotline's callers of an open case."),
    ),
}

"""Invented names of people: common, neutral, no two alike, and the same every time."""

from __future__ import annotations

from lianqin.console.demo_district.models import Name

_FAMILY = (
    ("王", "Wang"), ("李", "Li"), ("张", "Zhang"), ("刘", "Liu"), ("陈", "Chen"), ("杨", "Yang"),
    ("赵", "Zhao"), ("黄", "Huang"), ("周", "Zhou"), ("吴", "Wu"), ("徐", "Xu"), ("孙", "Sun"),
    ("朱", "Zhu"), ("马", "Ma"), ("胡", "Hu"), ("郭", "Guo"), ("林", "Lin"), ("何", "He"),
    ("高", "Gao"), ("梁", "Liang"), ("郑", "Zheng"), ("罗", "Luo"), ("宋", "Song"),
)  # fmt: skip
_FIRST = (
    ("安", "an"), ("明", "ming"), ("晓", "xiao"), ("立", "li"), ("海", "hai"), ("文", "wen"),
    ("志", "zhi"), ("春", "chun"), ("思", "si"), ("云", "yun"), ("永", "yong"),
)  # fmt: skip
_SECOND = (
    ("平", "ping"), ("然", "ran"), ("青", "qing"), ("宁", "ning"), ("远", "yuan"), ("和", "he"),
    ("新", "xin"), ("悦", "yue"), ("川", "chuan"), ("清", "qing"), ("成", "cheng"),
    ("乐", "le"), ("知", "zhi"),
)  # fmt: skip
MOST = len(_FAMILY) * len(_FIRST) * len(_SECOND)


def person(number: int) -> Name:
    """The name of the so-manyth invented person.

    The three lists have lengths without a common factor, so that the first :data:`MOST` names
    all differ.

    Raises
    ------
    ValueError
        If there are not that many.
    """
    if not 0 <= number < MOST:
        raise ValueError(f"no invented person {number}")
    family = _FAMILY[number % len(_FAMILY)]
    first = _FIRST[number % len(_FIRST)]
    second = _SECOND[number % len(_SECOND)]
    given = first[1] + ("'" if second[1][0] in "aeo" else "") + second[1]
    return {"zh": family[0] + first[0] + second[0], "en": f"{family[1]} {given.capitalize()}"}

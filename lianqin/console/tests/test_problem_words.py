"""Every code that an answer may carry has words in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import lianqin
from lianqin.cases.lifecycle import LIFECYCLE
from lianqin.console.problem_words import WORDS, words

ROOT = Path(lianqin.__file__).parent
RAISED = re.compile(r'(?:Refused|Refusal|PydanticCustomError)\(\s*"([a-z_]+)"')
SAID = re.compile(r'return "([a-z_]+)"')
#: A need's own name in a code, where `rules.decide` has another.
SHORT = {"photos": "photo", "case_id": "case", "standard_id": "standard", "task_id": "task",
         "request_id": "request", "duty_line_id": "duty_line"}  # fmt: skip


def codes() -> set[str]:
    """The codes that stand in the source, and those made of what the lifecycle needs."""
    sources = [p for p in ROOT.rglob("*.py") if "tests" not in p.parts]
    found = {code for path in sources for code in RAISED.findall(path.read_text("utf-8"))}
    requests = (ROOT / "cases" / "rules" / "requests.py").read_text("utf-8")
    needs = {need for line in LIFECYCLE for need in line.needs}
    return (
        found | set(SAID.findall(requests)) | {f"{SHORT.get(need, need)}_needed" for need in needs}
    )


def test_every_refusal_has_words_in_both_languages() -> None:
    assert len(codes()) > 60
    assert sorted(codes() - set(WORDS)) == []


def test_no_words_are_empty_and_each_language_has_its_own() -> None:
    for code in WORDS:
        zh, en = words(code, "zh-hans", {}), words(code, "en", {})
        assert all([*zh, *en]), code
        assert re.search(r"[\u4e00-\u9fff]", zh[0]), code
        assert not re.search(r"[\u4e00-\u9fff]", en[0]), code


def test_states_and_acts_are_called_by_their_names() -> None:
    said = words("not_in_this_state", "zh-hans", {"state": "filed", "act": "close"})
    assert said[1] == "案件处于“待派遣”，不能办理“结案”。"
    said = words("not_in_this_state", "en", {"state": "filed", "act": "close"})
    assert said[1] == "The case is 'To dispatch'; 'close' does not start there."

"""The pictures of the README can be made again at any time."""

from __future__ import annotations

from pathlib import Path

from e2e import screens
from e2e.people import People


def test_the_main_picture_of_the_desk_is_made_from_the_demo(people: People, tmp_path: Path) -> None:
    screens.PICTURES["desk-light"](people, tmp_path / "desk.png")
    content = (tmp_path / "desk.png").read_bytes()
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = (int.from_bytes(content[i : i + 4], "big") for i in (16, 20))
    assert (width, height) == (1440, 900)
    # A map that was not drawn leaves a picture of flat areas, a third of this size.
    assert len(content) > 120_000

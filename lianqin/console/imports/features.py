"""GeoJSON read feature by feature: a file of many does not have to fit into memory."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, TextIO

from lianqin.console.words import Refusal, tr

from .files import Opened

_PIECE = 256 * 1024
_SPACE = re.compile(r"[ \t\r\n]*")
#: CGCS2000 and WGS 84 by the names that exporting programs give them.
_DEGREES = re.compile(r"(CRS84|EPSG:{1,2}(4326|4490))$", re.IGNORECASE)


def check_collection(source: Opened) -> None:
    """Go through a file once. Raises Refusal unless it is a FeatureCollection in degrees."""
    held: dict[str, Any] = {}
    count = sum(1 for _ in _features(source, held))
    if held.get("type") != "FeatureCollection" or held.get("features") is not True:
        raise _no_collection(source)
    crs = held.get("crs")
    called = crs.get("properties") if isinstance(crs, dict) else None
    named = called.get("name") if isinstance(called, dict) else None
    if crs is not None and not _DEGREES.search(str(named)):
        raise Refusal(
            tr(
                f"{source.name} 的坐标系是 {named},请先转为经纬度(CGCS2000 或 WGS 84)。",
                f"{source.name} is in {named}; turn it into degrees (CGCS2000 or WGS 84) first.",
            )
        )
    if not count:
        raise Refusal(tr(f"{source.name} 没有要素。", f"{source.name} has no features."))


def features(source: Opened) -> Iterator[tuple[int, Any]]:
    """The features of a file that was checked, numbered from 1."""
    yield from enumerate(_features(source, {}), start=1)


def _features(source: Opened, held: dict[str, Any]) -> Iterator[Any]:
    """Every feature; what else the collection says goes into `held`."""
    with source.path.open(encoding=source.codec) as stream:
        text = _Json(stream, source.name)
        if text.peek() != "{":
            text.value()
            text.end()
            raise _no_collection(source)
        text.take("{")
        while text.peek() != "}":
            name = text.value()
            text.take(":")
            if name == "features" and text.peek() == "[":
                held["features"] = True
                yield from text.items()
            else:
                held[str(name)] = text.value()
            if text.peek() != "}":
                text.take(",")
        text.take("}")
        text.end()


def _no_collection(source: Opened) -> Refusal:
    return Refusal(
        tr(
            f"{source.name} 不是 GeoJSON FeatureCollection。",
            f"{source.name} is not a GeoJSON FeatureCollection.",
        )
    )


class _Json:
    """JSON text that is read on as far as the next value needs."""

    def __init__(self, stream: TextIO, name: str) -> None:
        self._stream, self._name = stream, name
        self._text, self._at, self._whole = "", 0, False
        self._lines = 0
        self._decoder = json.JSONDecoder(parse_constant=_no_constant)

    def peek(self) -> str:
        """The next character that is not blank; '' at the end."""
        while True:
            found = _SPACE.match(self._text, self._at)
            self._at = found.end() if found else self._at
            if self._at < len(self._text) or not self._more():
                return self._text[self._at : self._at + 1]

    def take(self, char: str) -> None:
        """Go past that character, which must be the next."""
        if self.peek() != char:
            raise self._broken(self._at)
        self._at += 1

    def value(self) -> Any:
        """The next value, whole."""
        self.peek()
        while True:
            try:
                found, end = self._decoder.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                if self._more():
                    continue
                raise self._broken(error.pos) from error
            except (ValueError, RecursionError) as error:
                raise Refusal(
                    tr(
                        f"{self._name} 不是有效的 JSON。",
                        f"{self._name} is not valid JSON.",
                    )
                ) from error
            # A number at the end of the piece may go on in the next one.
            if end < len(self._text) or not self._more():
                self._at = end
                return found

    def items(self) -> Iterator[Any]:
        """The values of the list that begins here."""
        self.take("[")
        while self.peek() != "]":
            yield self.value()
            if self.peek() != "]":
                self.take(",")
                if self.peek() == "]":
                    raise self._broken(self._at)
        self.take("]")

    def end(self) -> None:
        """Nothing may follow."""
        if self.peek():
            raise self._broken(self._at)

    def _more(self) -> bool:
        """Read on, a piece at least as large as what is held, so that a long value costs little."""
        if self._whole:
            return False
        piece = self._stream.read(max(_PIECE, len(self._text) - self._at))
        if not piece:
            self._whole = True
            return False
        self._lines += self._text.count("\n", 0, self._at)
        self._text = self._text[self._at :] + piece
        self._at = 0
        return True

    def _broken(self, at: int) -> Refusal:
        line = self._lines + self._text.count("\n", 0, at) + 1
        return Refusal(
            tr(
                f"{self._name} 第 {line} 行起不是有效的 JSON(文件可能不完整)。",
                f"{self._name} stops being JSON at line {line} (perhaps it is cut off).",
            )
        )


def _no_constant(word: str) -> Any:
    raise ValueError(word)

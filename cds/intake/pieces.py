"""Plain responses read from their bytes, by pieces of text that many responses have in common.

Two patients differ in their answers, but each answer stands there in the same few words: ``{"linkId":"sex","answer":
[...]}``. So a compact response is cut where its items begin, and a piece that was met before is not parsed again
(docs/decisions/0022-pieces.md). As with :class:`PlainReader`, whatever is not known to be without fault is not judged.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from cds.intake.checked import CheckedResponse, Place
from cds.intake.faults import IntakeError
from cds.intake.plain import PlainReader
from cds.intake.plain_answers import Given
from cds.intake.strict_json import DEFAULT_LIMITS, parse_json

_LARGEST: Final = min(DEFAULT_LIMITS.size, DEFAULT_LIMITS.values)
"""Bytes within which a response has neither too many bytes nor too many values."""
_ITEM: Final = b'{"linkId":'
"""Where a response is cut. In JSON this stands nowhere but at the start of an object: not within a string."""
_ITEMS: Final = b'"item":['
_END: Final = b"]}"
_TAIL: Final = b'}],"'
"""Where elements of the response itself follow its items."""
_DEEPEST: Final = 10
"""Groups within each other; a response with more is left to the parser, which bounds the depth."""
_MAX_KEPT: Final = 8192
_LONGEST_KEPT: Final = 2048
_CLOSED: Final = frozenset({"group", "choice", "boolean", "integer"})
"""Types of items whose answers hold no words or dates of a patient; labels beside them are the sender's."""


class _Piece(NamedTuple):
    """An item as a piece of text: what it says, how many groups end after it, and whether another item follows."""

    link_id: str
    parent: str | None
    answers: Given | None
    ends: int
    more: bool


class PieceReader:
    """Reads compact plain responses to one questionnaire. Safe for threads."""

    def __init__(self, plain: PlainReader) -> None:
        self._plain = plain
        self._kept: dict[bytes, _Piece] = {}

    def read(self, data: bytes) -> CheckedResponse | None:
        """The response as the full check would give it, or ``None`` if it is not known to be without fault."""
        if len(data) > _LARGEST:
            return None
        first, *pieces = data.split(_ITEM)
        if not pieces or not first.endswith(_ITEMS):
            return None
        pieces[-1], tail = _without_tail(pieces[-1])
        answers: dict[str, Given] = {}
        places: dict[str, Place] = {}
        if not self._read(pieces, answers, places):
            return None
        header = _header(first.removesuffix(_ITEMS), tail)
        if header is None or not self._plain.plain_header(header):
            return None
        return self._plain.checked(header, answers, places)

    def _read(self, pieces: list[bytes], answers: dict[str, Given], places: dict[str, Place]) -> bool:
        """Read the items in their order; ``False`` if one is not plain, or stands where it must not."""
        kept, last = self._kept, len(pieces)
        parent: str | None = None
        inside: Place = ()
        index = 0
        outer: list[tuple[str | None, Place, int]] = []
        for number, piece in enumerate(pieces, start=1):
            known = kept.get(piece) or self._learn(piece)
            if known is None:
                return False
            link_id, own_parent, given, ends, more = known
            if own_parent != parent or link_id in places:
                return False
            place = places[link_id] = (inside, "item", index)
            if given is None:
                if len(outer) == _DEEPEST:
                    return False
                outer.append((parent, inside, index))
                parent, inside, index = link_id, place, 0
                continue
            answers[link_id] = given
            if number == last:
                return not more and ends == len(outer) + 1
            if not more or ends > len(outer):
                return False
            for _ in range(ends):
                parent, inside, index = outer.pop()
            index += 1
        return False  # a group with nothing in it

    def _learn(self, piece: bytes) -> _Piece | None:
        """Read a piece by the parser and the plain reader; what it says is kept for the next response."""
        if piece.endswith(_ITEMS):
            text, ends, more = _ITEM + piece + _END, 0, False
        else:
            more = piece.endswith(b",")
            text = _ITEM + (piece[:-1] if more else piece)
            body = text
            while body.endswith(_END):
                body = body[: -len(_END)]
            # The innermost end is that of the answers and their item: what it encloses ends with an answer.
            ends = (len(text) - len(body)) // len(_END) - 1
            if ends < 0:
                return None
            text = body + _END
        try:
            item = self._plain.plain_item(parse_json(text))
        except IntakeError:
            return None
        if item is None or (item.answers is None) != piece.endswith(_ITEMS):
            return None
        found = _Piece(item.link_id, item.parent, item.answers, ends, more)
        if len(piece) <= _LONGEST_KEPT and self._plain.type_of(item.link_id) in _CLOSED:
            if len(self._kept) >= _MAX_KEPT:
                self._kept.clear()
            self._kept[piece] = found
        return found


def _without_tail(piece: bytes) -> tuple[bytes, bytes]:
    """The last piece as if the response ended with its items, and the elements that follow them."""
    at = piece.find(_TAIL)
    if at < 0:
        return piece, b""
    return piece[: at + 1] + _END, piece[at + len(_TAIL) - 1 :]


def _header(before: bytes, after: bytes) -> dict[str, Any] | None:
    """All elements of the response but its items, which stand before and after them.

    Both are objects by themselves, so the items between them are those of the response and of nothing inside it.
    """
    try:
        header = parse_json(before[:-1] + b"}" if before.endswith(b",") else before + b"}")
        rest = parse_json(b"{" + after) if after else {}
    except IntakeError:
        return None
    # One comma stands between the elements before the items and the items, and none if there are no such elements.
    if type(header) is not dict or type(rest) is not dict or bool(header) != before.endswith(b","):
        return None
    names = header.keys() | rest.keys()
    if "item" in names or len(names) != len(header) + len(rest):
        return None
    header.update(rest)
    return header

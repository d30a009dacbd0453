"""Valid bodies made invalid, or valid and different: in their JSON, in their prefetch, and in their bytes."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from random import Random
from typing import Any, Final

from tests.service.abuse.hostile_values import ALL, BROKEN, DATES, REFERENCES, nested
from tests.service.running import CHART_KEYS, bundle

Path = tuple[Any, ...]
Mutation = Callable[[Random, dict[str, Any]], bytes]
RESPONSE: Final = "questionnaireResponse"
_DOUBLED: Final = "\N{DOUBLE DAGGER}"


def places(value: Any, path: Path = ()) -> list[Path]:
    """The path of everything inside a value."""
    found = [path] if path else []
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in entries:
        found += places(child, (*path, key))
    return found


def holder(value: Any, path: Path) -> Any:
    """What holds the last step of a path."""
    for key in path[:-1]:
        value = value[key]
    return value


def written(value: Any) -> bytes:
    """JSON in ASCII, so that lone surrogates can be written too."""
    return json.dumps(value).encode()


def anything(random: Random, body: dict[str, Any]) -> bytes:
    """Anything anywhere."""
    return _changed(random, body, places(body))


def response(random: Random, body: dict[str, Any]) -> bytes:
    """Something in the response."""
    return _changed(random, body, [path for path in places(body) if RESPONSE in path[:2] and len(path) > 2])


def chart(random: Random, body: dict[str, Any]) -> bytes:
    """Something in the chart."""
    found = [path for path in places(body) if path[0] == "prefetch" and len(path) > 1 and path[1] != RESPONSE]
    return _changed(random, body, found)


def frame(random: Random, body: dict[str, Any]) -> bytes:
    """Something around the data: hook, context, authorization, feedback items."""
    return _changed(random, body, [path for path in places(body) if path[0] != "prefetch" and RESPONSE not in path])


def _changed(random: Random, body: dict[str, Any], found: list[Path]) -> bytes:
    body = copy.deepcopy(body)
    for path in random.sample(found, min(len(found), random.choice((1, 1, 1, 2, 4)))):
        # An earlier step may have taken the place away.
        if path in places(body):
            random.choice(_STEPS)(random, holder(body, path), path[-1])
    return written(body)


def _replace(random: Random, where: Any, key: Any) -> None:
    where[key] = random.choice(BROKEN) if random.random() < 0.01 else random.choice(ALL)


def _drop(random: Random, where: Any, key: Any) -> None:
    del where[key]


def _rename(random: Random, where: Any, key: Any) -> None:
    value = where.pop(key)
    if isinstance(where, dict):
        where[
            random.choice((f"{key}2", f"_{key}", key.upper(), f"{key} ", "", "resourceType", "modifierExtension"))
        ] = value
    else:
        where.append(value)


def _repeat(random: Random, where: Any, key: Any) -> None:
    if isinstance(where, list):
        where.insert(random.randrange(len(where) + 1), copy.deepcopy(where[key]))
    else:
        where[key] = [where[key], where[key]]


def _swap(random: Random, where: Any, key: Any) -> None:
    other = random.choice(list(where) if isinstance(where, dict) else range(len(where)))
    where[key], where[other] = where[other], where[key]


def _wrap(random: Random, where: Any, key: Any) -> None:
    where[key] = nested(random.choice((1, 2, 5, 40, 300)), where[key])


def _edit(random: Random, where: Any, key: Any) -> None:
    """A text becomes another of its kind; a number another number."""
    value = where[key]
    if isinstance(value, str) and value[:4].isdigit():
        where[key] = random.choice(DATES)
    elif isinstance(value, str) and "/" in value:
        where[key] = random.choice(REFERENCES)
    elif isinstance(value, str):
        where[key] = random.choice((value.upper(), f" {value}", value[:-1], value[::-1], value + "\u0301", value * 9))
    elif isinstance(value, (int, float)):
        where[key] = random.choice((-value, value + 1, value * 1000, str(value), value + 0.5))


_STEPS: Final = (_replace, _replace, _drop, _rename, _repeat, _swap, _wrap, _edit, _edit)


def key_twice(random: Random, body: dict[str, Any]) -> bytes:
    """A key that stands twice, with the same value or with another."""
    body = copy.deepcopy(body)
    path = random.choice([path for path in places(body) if isinstance(path[-1], str)])
    where = holder(body, path)
    where[_DOUBLED] = random.choice((where[path[-1]], None, "x"))
    mark, key = (json.dumps(name).encode() for name in (_DOUBLED, path[-1]))
    return written(body).replace(mark, key)


def prefetch(random: Random, body: dict[str, Any]) -> bytes:
    """A prefetch key in another state, or with another's content."""
    body = copy.deepcopy(body)
    given = body["prefetch"]
    for _ in range(random.randint(1, 3)):
        key = random.choice([*CHART_KEYS, *given])
        random.choice(_STATES)(random, given, key)
    return written(body)


def _is(random: Random, given: dict[str, Any], key: str) -> None:
    outcome = {"resourceType": "OperationOutcome", "issue": [{"severity": random.choice(("error", "information"))}]}
    given[key] = random.choice((None, "text", 7, [], {}, outcome, bundle(), bundle(outcome), {"resourceType": "Basic"}))


def _missing(random: Random, given: dict[str, Any], key: str) -> None:
    given.pop(key, None)


def _exchanged(random: Random, given: dict[str, Any], key: str) -> None:
    other = random.choice(list(given) or [key])
    given[key], given[other] = given.get(other), given.get(key)


def _paged(random: Random, given: dict[str, Any], key: str) -> None:
    url = random.choice(
        ("https://ehr.example.org/fhir?page=2", "?page=2", "", "file:///etc/passwd", 7, None, REFERENCES)
    )
    link: Any = random.choice(([{"relation": "next", "url": url}], [{"relation": "next"}] * 2, {}, [7], [[]]))
    given[key] = bundle(*_resources(given.get(key)), link=link)


def _counted(random: Random, given: dict[str, Any], key: str) -> None:
    total: Any = random.choice((-1, 0, 1, 5, 10**30, 1.5, "3", True, None, [], -0.0))
    given[key] = bundle(*_resources(given.get(key)), total=total)


def _typed(random: Random, given: dict[str, Any], key: str) -> None:
    given[key] = bundle(*_resources(given.get(key))) | {"type": random.choice(("history", "batch", "", None, [], {}))}


def _searched(random: Random, given: dict[str, Any], key: str) -> None:
    search: Any = random.choice(
        ({"mode": "include"}, {"mode": "outcome"}, {"mode": []}, {"mode": None}, [], None, "match")
    )
    entries = [{"resource": one, "search": search} for one in _resources(given.get(key))]
    given[key] = {"resourceType": "Bundle", "type": "searchset", "entry": [*entries, *random.choice(([], [7], [{}]))]}


def _foreign(random: Random, given: dict[str, Any], key: str) -> None:
    kind = random.choice(("Condition", "Observation", "MedicationRequest", "Patient", "Binary", "Bundle", "x", "", 7))
    subject = {"reference": random.choice(REFERENCES)}
    more = {"subject": subject, "id": random.choice(ALL), "code": random.choice(ALL), "status": random.choice(ALL)}
    given[key] = bundle(*_resources(given.get(key)), {"resourceType": kind} | more)


def _medication(random: Random, given: dict[str, Any], key: str) -> None:
    reference = {"reference": random.choice((*REFERENCES, *ALL))}
    one = {"resourceType": "MedicationRequest", "status": "active", "medicationReference": reference}
    given["medicationRequests"] = bundle(*_resources(given.get("medicationRequests")), one)


_STATES: Final = (
    _is,
    _missing,
    _exchanged,
    _paged,
    _counted,
    _typed,
    _searched,
    _foreign,
    _medication,
)


def _resources(value: Any) -> list[Any]:
    entries = value.get("entry") if isinstance(value, dict) else None
    if not isinstance(entries, list):
        return []
    return [entry["resource"] for entry in entries if isinstance(entry, dict) and "resource" in entry]


def flipped(random: Random, body: dict[str, Any]) -> bytes:
    """Some bytes are others."""
    raw = bytearray(written(body))
    for _ in range(random.choice((1, 1, 2, 5, 50))):
        raw[random.randrange(len(raw))] = random.randrange(256)
    return bytes(raw)


def cut(random: Random, body: dict[str, Any]) -> bytes:
    """The end, the beginning or something in between is missing."""
    raw = written(body)
    first, last = sorted(random.randrange(len(raw)) for _ in range(2))
    return random.choice((raw[:last], raw[first:], raw[:first] + raw[last:]))


def stuffed(random: Random, body: dict[str, Any]) -> bytes:
    """Something is too much."""
    raw = written(body)
    place = random.randrange(len(raw))
    more = (
        b"\x00",
        b"\xff",
        b"\xed\xa0\x80",
        b"\xc0\x80",
        b'"',
        b"{",
        b"[",
        b"\\u",
        b",",
        b"0",
        b"\xe2\x80\xa8",
        b"/**/",
    )
    return raw[:place] + random.choice((*more, b"\xef\xbb\xbf", raw[place : place + 40], b" " * 4000)) + raw[place:]


def encoded(random: Random, body: dict[str, Any]) -> bytes:
    """JSON in another encoding, or something around it."""
    text = json.dumps(body)
    return random.choice(
        (
            text.encode("utf-16"),
            text.encode("utf-32-le"),
            b"\xef\xbb\xbf" + text.encode(),
            b" \r\n\t" + text.encode() + b"\n",
            text.encode() + b"\x00",
            text.encode() * 2,
            f"[{text}]".encode(),
            json.dumps(text).encode(),
            b"body=" + text.encode(),
        )
    )


STRUCTURAL: Final[tuple[Mutation, ...]] = (anything, frame, key_twice)
BYTES: Final[tuple[Mutation, ...]] = (flipped, cut, stuffed, encoded)
OF_CALLS: Final[tuple[Mutation, ...]] = (
    *(chart, chart, chart, response, response, response, prefetch, prefetch, prefetch),
    *STRUCTURAL,
    *(flipped, flipped),
    *BYTES[1:],
)
"""What is done to calls, the more telling ones more often."""
OF_FEEDBACK: Final[tuple[Mutation, ...]] = (*STRUCTURAL, anything, anything, *BYTES)

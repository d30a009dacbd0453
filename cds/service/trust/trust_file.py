"""The trust file read and checked, with every fault at its place; docs/trust.md shows what stands in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cds.pack.document import read_model
from cds.pack.problem import PackError, Problem
from cds.pack.yaml_source import YamlSource
from cds.service.trust.algorithms import DEFAULT, KEY_TYPES
from cds.service.trust.client import Client, Trust
from cds.service.trust.jwk import KeySetError
from cds.service.trust.key_file import read_key_file
from cds.service.trust.messages import MESSAGES
from cds.service.trust.trust_model import ClientEntry, TrustEntries


class TrustFileError(ValueError):
    """A trust file that cannot be used, with every problem found in it (``problems``, in file order)."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(map(str, self.problems)))


def load_trust(path: Path) -> Trust:
    """The trust file at ``path``. Raises :class:`TrustFileError` with every problem: place, fault and what to do."""
    problems: list[Problem] = []
    try:
        file, source = read_model(Path(), str(path), TrustEntries, problems)
    except PackError as error:
        if path.is_file():
            raise TrustFileError(list(error.problems)) from None
        raise TrustFileError([_unreadable(path, "there is no such file")]) from None
    except OSError as error:
        raise TrustFileError([_unreadable(path, type(error).__name__)]) from None
    problems.extend(_between_entries(source))
    problems.extend(_key_files(source, path.parent))
    if file is None or problems:
        raise TrustFileError(problems)
    return Trust(
        clients=tuple(_client(entry, path.parent) for entry in file.clients),
        cors_origins=tuple(file.cors_origins),
        leeway_seconds=file.leeway_seconds,
        max_token_lifetime_seconds=file.max_token_lifetime_seconds,
    )


def _client(entry: ClientEntry, folder: Path) -> Client:
    return Client(
        name=entry.name,
        iss=entry.iss,
        jku=tuple(entry.jku),
        jwks_file=folder / entry.jwks_file if entry.jwks_file else None,
        tenants=frozenset(entry.tenants),
        algorithms=tuple(entry.algorithms),
        fhir_servers=tuple(entry.fhir_servers),
    )


def _unreadable(path: Path, detail: str) -> Problem:
    message, hint = MESSAGES["unreadable"]
    return Problem(str(path), 1, 1, "unreadable", message.format(detail=detail), hint)


def _problem(source: YamlSource, path: tuple[str | int, ...], code: str, **details: object) -> Problem:
    message, hint = MESSAGES[code]
    line, column = source.place(path)
    return Problem(source.name, line, column, code, message.format(**details), hint.format(**details))


def _entries(source: YamlSource) -> Iterator[tuple[int, dict[str, Any]]]:
    """The clients as they stand in the file, also of one whose shape is wrong elsewhere."""
    clients = source.data.get("clients") if isinstance(source.data, dict) else None
    for index, entry in enumerate(clients if isinstance(clients, list) else []):
        if isinstance(entry, dict):
            yield index, entry


def _between_entries(source: YamlSource) -> Iterator[Problem]:
    seen: dict[str, set[str]] = {"name": set(), "iss": set()}
    for index, entry in _entries(source):
        if not entry.get("jku") and not entry.get("jwks_file"):
            yield _problem(source, ("clients", index), "no-keys")
        for key, code in (("name", "name-twice"), ("iss", "issuer-twice")):
            value = entry.get(key)
            if isinstance(value, str):
                if value in seen[key]:
                    yield _problem(source, ("clients", index, key), code, name=value)
                seen[key].add(value)


def _key_files(source: YamlSource, folder: Path) -> Iterator[Problem]:
    for index, entry in _entries(source):
        name, place = entry.get("jwks_file"), ("clients", index, "jwks_file")
        if not isinstance(name, str) or not name:
            continue
        try:
            keys = read_key_file(folder / name)
        except KeySetError as error:
            yield _problem(source, place, "jwks-broken", detail=error)
            continue
        except (OSError, ValueError) as error:
            yield _problem(source, place, "jwks-missing", detail=type(error).__name__)
            continue
        listed = entry.get("algorithms", DEFAULT)
        wanted = [name for name in listed if name in KEY_TYPES] if isinstance(listed, list | tuple) else []
        if wanted and not any(key.algorithms.intersection(wanted) for key in keys.keys):
            yield _problem(source, place, "jwks-unusable", algorithms=", ".join(wanted))

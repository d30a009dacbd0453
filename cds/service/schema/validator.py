"""Values held to the schemas: quick for what is right, and with words for what is not."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Any, Final

from jsonschema_rs import Draft202012Validator, Registry

from cds.service.schema.documents import DOCUMENTS, HOOKS
from cds.service.schema.problem import BASE, NAMES, ROOT, Problem, one_of, path, problem

MAX_PROBLEMS: Final = 20
_LONGEST_LIST: Final = 101
_LONGEST_INNER_LIST: Final = 21
"""One more than a schema of what comes in allows: what stands after that is not looked at again."""

_MOST_MEMBERS: Final = 200
"""Of an object that are looked at, those with a name that stands in a schema first."""
_UNTOLD: Final = Problem(ROOT, "this does not conform, in a place that is not told: send fewer members")

_REGISTRY: Final = Registry([(BASE + name, document) for name, document in DOCUMENTS.items()])


class Schema:
    """One of the schema files, compiled. Threads may share it.

    ``depth`` is how many levels down the schema of something that comes in asks for anything.
    """

    def __init__(self, name: str, depth: int | None = None) -> None:
        self.name = name
        self._depth = depth
        self._validator = Draft202012Validator(
            DOCUMENTS[name], registry=_REGISTRY, base_uri=BASE + name, validate_formats=True, offline=True
        )

    def is_valid(self, value: Any) -> bool:
        """Whether parsed JSON conforms; stops at the first thing that is wrong."""
        return self._validator.is_valid(value)

    def problems(self, value: Any) -> list[Problem]:
        """What is wrong with parsed JSON, at most :data:`MAX_PROBLEMS`, each once; empty if it conforms."""
        if self._validator.is_valid(value):
            return []
        # The validator gathers every error, each with a copy of the value, before it gives the first: what comes
        # from outside is cut down to what the schema looks at.
        looked_at = value if self._depth is None else _cut(value, self._depth, _LONGEST_LIST)
        found = map(problem, self._validator.iter_errors(looked_at))
        return list(islice(dict.fromkeys(found), MAX_PROBLEMS)) or [_UNTOLD]


DISCOVERY: Final = Schema("discovery.json")
RESPONSE: Final = Schema("response.json")
FEEDBACK: Final = Schema("feedback.json", depth=5)
OPERATION_OUTCOME: Final = Schema("operation-outcome.json")
REQUESTS: Final = {hook: Schema(name, depth=3) for hook, name in HOOKS.items()}
"""Hook to the schema of a call at it."""
_REQUEST: Final = Schema("request.json", depth=3)


def request_problems(request: Any) -> list[Problem]:
    """What is wrong with the body of a call, by the hook that it names; empty if it conforms."""
    hook = request.get("hook") if isinstance(request, dict) else None
    schema = REQUESTS.get(hook) if isinstance(hook, str) else None
    if schema is not None:
        return schema.problems(request)
    return _REQUEST.problems(request) or [Problem(path(["hook"]), one_of(list(REQUESTS)))]


def _cut(value: Any, depth: int, longest: int) -> Any:
    """A copy of the upper ``depth`` levels of a value, in which lists are short and objects have few members."""
    if isinstance(value, list):
        return [_cut(entry, depth - 1, _LONGEST_INNER_LIST) for entry in value[:longest]] if depth else []
    if isinstance(value, dict):
        return {name: _cut(value[name], depth - 1, longest) for name in _members(value)} if depth else {}
    return value


def _members(value: dict[str, Any]) -> Iterable[str]:
    """The names of an object that are looked at."""
    if len(value) <= _MOST_MEMBERS:
        return value
    known = [name for name in NAMES if name in value]
    other = (name for name in value if name not in NAMES)
    return [*known, *islice(other, max(0, _MOST_MEMBERS - len(known)))]

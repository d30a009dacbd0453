"""Bodies of template loops, rendered once for each entry.

The reasons, advice and questions of a card are entries that recur from patient to patient in ever new company. What a
loop's body says of an entry depends on that entry and on the labels alone, so it is kept. A body that uses anything
else, such as ``loop``, is rendered each time.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from jinja2 import Environment, Template, meta, nodes

RECURRING: Final = frozenset({"reasons", "out_of_scope", "advice", "questions"})
"""The variables whose entries live as long as the pack (``View`` sees to that), so that their identity is a key."""
_CONSTANT: Final = frozenset({"t", "pack"})
_MAX_KEPT: Final = 4096


class LoopBody:
    """Renders one loop's body for an entry; ``name`` is what the loop calls it."""

    def __init__(self, template: Template, name: str, made: type[str]) -> None:
        self._template = template
        self._name = name
        self._made = made
        # Each entry is kept beside its text, so that its identity is never given to another.
        self._kept: dict[int, tuple[Any, str]] = {}

    def __call__(self, entry: Any, constants: Mapping[str, Any]) -> str:
        """The text for this entry, as Markdown that is not escaped again."""
        found = self._kept.get(id(entry))
        if found is not None and found[0] is entry:
            return found[1]
        text = self._made(self._template.render({**constants, self._name: entry}))
        if len(self._kept) >= _MAX_KEPT:
            self._kept.clear()
        self._kept[id(entry)] = entry, text
        return text


def with_kept_bodies(environment: Environment, source: str, made: type[str]) -> Template:
    """The template of ``source``, in which the bodies of loops over recurring entries are kept.

    ``made`` is the type of text that is not escaped.
    """
    tree = environment.parse(source)
    bodies: dict[str, LoopBody] = {}
    if any(name.ctx != "load" and name.name in _CONSTANT for name in tree.find_all(nodes.Name)):
        return environment.from_string(source)  # what it calls "t" or "pack" may be something else
    for loop in tree.find_all(nodes.For):
        entry = loop.target
        if not isinstance(loop.iter, nodes.Name) or loop.iter.name not in RECURRING or loop.recursive:
            continue
        if not isinstance(entry, nodes.Name):
            continue
        body = nodes.Template(loop.body, lineno=loop.lineno)
        used = meta.find_undeclared_variables(body.set_environment(environment))  # type: ignore[arg-type]
        if not used <= _CONSTANT | {entry.name}:
            continue
        name = f"body_{len(bodies)}"
        code = environment.compile(body)
        bodies[name] = LoopBody(Template.from_code(environment, code, environment.globals), entry.name, made)
        loop.body = [_call(name, entry.name, sorted(used & _CONSTANT), loop.lineno, environment)]
    return Template.from_code(environment, environment.compile(tree), environment.make_globals(bodies))


def _call(name: str, entry: str, constants: list[str], line: int, environment: Environment) -> nodes.Node:
    given = nodes.Dict([nodes.Pair(nodes.Const(one), nodes.Name(one, "load")) for one in constants])
    call = nodes.Call(nodes.Name(name, "load"), [nodes.Name(entry, "load"), given], [], None, None)
    return nodes.Output([call], lineno=line).set_lineno(line).set_environment(environment)

"""Card templates: Jinja2 in its sandbox, Markdown out, everything escaped that the pack did not write itself."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from jinja2 import StrictUndefined, Template
from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment

from cds.cards.loop_body import with_kept_bodies

_SPECIAL: Final = re.compile(r"([\\`*_{}\[\]()#+\-.!|>~<&:@/=$^])")
_HTML: Final = {"<": "&lt;", ">": "&gt;", "&": "&amp;"}
_BLANK_LINES: Final = re.compile(r"\n[ \t]*(?:\n[ \t]*)+\n")


class Markdown(str):
    """Markdown that the pack's authors wrote: it is not escaped. All other text is."""

    __slots__ = ()


def escape(value: Any) -> Any:
    """Text made harmless in Markdown and in HTML; :class:`Markdown` stays as it is.

    EHRs have been seen to render raw HTML in a card's detail, so ``<``, ``>`` and ``&`` become entities, and all that
    Markdown could read as a link, an image, emphasis or a heading gets a backslash. Line breaks become spaces.
    """
    if isinstance(value, Markdown) or not isinstance(value, str):
        return value
    flat = " ".join(value.split())
    return _SPECIAL.sub(lambda found: _HTML.get(found[1], "\\" + found[1]), flat)


class _Sandbox(ImmutableSandboxedEnvironment):
    """The sandbox, with a short way to what templates use: entries of plain mappings, and the state of a loop."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        """An entry of a mapping, or ``loop.first`` and ``loop.last``; all else goes through the sandbox's checks."""
        if type(obj) is dict and attribute in obj:
            return obj[attribute]
        if type(obj) is LoopContext and attribute in ("first", "last"):
            return getattr(obj, attribute)
        return super().getattr(obj, attribute)


class CardTemplates:
    """The compiled templates of one pack."""

    def __init__(self, templates: Mapping[str, str]) -> None:
        environment = _Sandbox(
            finalize=escape, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=False
        )
        self._templates: dict[str, Template] = {
            name: with_kept_bodies(environment, text, Markdown) for name, text in templates.items()
        }

    def render(self, name: str, variables: Mapping[str, Any]) -> str:
        """One card's Markdown, without runs of blank lines."""
        text = self._templates[name].render(variables)
        return _BLANK_LINES.sub("\n\n", text).strip() + "\n"

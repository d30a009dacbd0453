"""How ``cds evaluate`` prints decisions: as text for people, or one JSON object a line."""

from __future__ import annotations

import io
import sys
from abc import ABC, abstractmethod
from typing import Final

import orjson
from rich.console import Console

from cds.assessment import Decision
from cds.cards import result
from cds.cards.brief import print_brief, print_footer
from cds.cards.fhir import bundle
from cds.cards.text import print_decision, print_summary
from cds.decision_support import DecisionSupport


class Printer(ABC):
    """Prints decisions as they come; :meth:`finish` prints what stands at the end."""

    def __init__(self, support: DecisionSupport, language: str | None) -> None:
        self.support = support
        self._language = language

    def language(self, decision: Decision) -> str:
        """The language for one patient: the one asked for, else that of the response."""
        return self.support.cards.language(self._language or decision.response.language)

    @abstractmethod
    def decision(self, source: str, decision: Decision) -> None:
        """Print one decision."""

    def refused(self, source: str) -> None:  # noqa: B027 - some forms leave it out
        """Take note of a response that could not be evaluated; the reason goes to standard error."""

    def finish(self) -> None:  # noqa: B027 - some forms have nothing more to say
        """Print what stands after all decisions."""


class TextPrinter(Printer):
    """For people, everything about each patient: laid out by rich, coloured on a terminal."""

    _print = staticmethod(print_decision)

    def __init__(self, support: DecisionSupport, language: str | None) -> None:
        super().__init__(support, language)
        self._console = text_console()
        self._rows: list[tuple[str, Decision | None]] = []

    def decision(self, source: str, decision: Decision) -> None:
        """Print one decision."""
        self._print(self._console, self.support.cards, decision, source, self.language(decision))
        self._rows.append((source, decision))

    def refused(self, source: str) -> None:
        """Keep a line for the table."""
        self._rows.append((source, None))

    def finish(self) -> None:
        """Print a table of all responses when there are several."""
        if len(self._rows) > 1:
            print_summary(self._console, self.support.cards, self._rows, self.support.cards.language(self._language))


class BriefPrinter(TextPrinter):
    """For people, a few lines for each patient."""

    _print = staticmethod(print_brief)

    def finish(self) -> None:
        """Print the table, and once for all the rules and the disclaimer."""
        super().finish()
        print_footer(self._console, self.support.cards, self.support.cards.language(self._language))


class JsonPrinter(Printer):
    """One JSON object a line: the whole result."""

    def decision(self, source: str, decision: Decision) -> None:
        """Print one decision."""
        line = orjson.dumps(self.object(source, decision))
        sys.stdout.buffer.write(line + b"\n")
        sys.stdout.buffer.flush()

    def object(self, source: str, decision: Decision) -> object:
        """The result, as docs/schema/result.schema.json describes it."""
        return result(self.support.cards, decision, source, self.language(decision))


class CardPrinter(JsonPrinter):
    """The CDS Hooks response."""

    def object(self, source: str, decision: Decision) -> object:
        """The cards, as a CDS Hooks service answers them."""
        return {"cards": self.support.cards.cards(decision, self.language(decision))}


class FhirPrinter(JsonPrinter):
    """A FHIR Bundle."""

    def object(self, source: str, decision: Decision) -> object:
        """GuidanceResponse and RequestGroup in a Bundle."""
        return bundle(self.support.cards, decision, self.language(decision))


PRINTERS: Final[dict[str, type[Printer]]] = {
    "text": TextPrinter,
    "brief": BriefPrinter,
    "json": JsonPrinter,
    "cards": CardPrinter,
    "fhir": FhirPrinter,
}
"""Printers by the name of their format."""


def text_console() -> Console:
    """A console on standard output; in a pipe 100 columns wide, so that the same input prints the same text."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A letter that the terminal's encoding lacks must not cost the patient the answer.
        sys.stdout.reconfigure(errors="replace")
    return Console(width=None if sys.stdout.isatty() else 100, highlight=False)

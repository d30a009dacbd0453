"""The hooks on which a pack is called, and what their context holds (CDS Hooks library, release 1.0.1)."""

from __future__ import annotations

from typing import Final, NamedTuple


class Hook(NamedTuple):
    """A hook: its name, and which of its context fields may stand in a prefetch template."""

    name: str
    version: str
    tokens: frozenset[str]


SUBMIT: Final = "org.cds-rules.questionnaireresponse-submit"
"""Our own hook: a questionnaire was submitted, and its response comes in the context. CDS Hooks has none for it."""

HOOKS: Final[dict[str, Hook]] = {
    hook.name: hook
    for hook in (
        Hook("patient-view", "1.0", frozenset({"userId", "patientId", "encounterId"})),
        Hook("encounter-start", "1.0", frozenset({"userId", "patientId", "encounterId"})),
        Hook("appointment-book", "1.0", frozenset({"userId", "patientId", "encounterId"})),
        Hook(SUBMIT, "1.0", frozenset({"userId", "patientId", "encounterId"})),
    )
}
"""Name to hook. A pack listens to all of them under one id, so that newer guidance replaces older."""

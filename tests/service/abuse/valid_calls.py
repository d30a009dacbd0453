"""Valid calls of every hook, and valid feedback: what the mutations start from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Any, Final

from cds.service.hooks.hook import HOOKS, SUBMIT
from tests.service.running import CALL, FIXTURES, chart_prefetch, fixture, request

FEEDBACK: Final = f"{CALL}/feedback"
CHARTED: Final = sorted(file.stem for file in (FIXTURES / "charts").glob("*.json"))
NAMES: Final = sorted(file.stem for file in (FIXTURES / "responses").glob("*.json"))
HIDDEN_SERVER: Final = "https://ehr.example.org/fhir"
"""A FHIR server that is not listed."""


@dataclass(frozen=True, slots=True)
class Call:
    """A valid call: its body, and the response in it that counts."""

    body: dict[str, Any]
    response: dict[str, Any]

    @property
    def authored(self) -> str:
        """When the response was given."""
        found: str = self.response["authored"]
        return found


@cache
def _parts(name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    return fixture(name), chart_prefetch(name) if name in CHARTED else {}


def call(random: Random) -> Call:
    """A call at any hook about any fixture; every other one brings a chart."""
    response, chart = _parts(random.choice(CHARTED if random.random() < 0.5 else NAMES))
    if "authored" not in response:
        response = response | {"authored": "2026-11-20T10:00:00Z"}
    hook = random.choice(list(HOOKS))
    body = request(response, hook, **chart)
    if hook == SUBMIT:
        del body["prefetch"]["questionnaireResponse"]
        body["context"]["questionnaireResponse"] = response
    if random.random() < 0.2:
        body["fhirServer"] = HIDDEN_SERVER
        body["fhirAuthorization"] = {
            "access_token": "token",
            "token_type": "Bearer",
            "expires_in": 300,
            "scope": "user/*.read",
            "subject": "cds",
        }
    return Call(body, response)


def feedback(random: Random) -> dict[str, Any]:
    """Feedback of one to three items."""
    return {"feedback": [_item(random) for _ in range(random.randint(1, 3))]}


def _item(random: Random) -> dict[str, Any]:
    item = {
        "card": f"0b5b7a0a-6f0e-5d4e-8a53-{random.getrandbits(48):012x}",
        "outcomeTimestamp": "2026-11-22T10:05:31Z",
    }
    if random.random() < 0.5:
        return item | {"outcome": "accepted", "acceptedSuggestions": [{"id": "11111111-1111-4111-8111-111111111111"}]}
    reason = {"reason": {"code": "seen", "system": "https://example.org/reasons"}, "userComment": "Seen today."}
    return item | {"outcome": "overridden", "overrideReason": reason}

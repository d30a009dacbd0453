"""Sends prefetch files with HealthChain's SandboxClient, and reads the answers with HealthChain's own models.

Run by HealthChain's own Python: ``healthchain_client.py ADDRESS PATIENT FILE...``, ADDRESS being that of the service.
Writes JSON: for each file what was ``sent``, what the client ``answered``, which ``faults`` its model finds in that,
and the ``cards`` as the model reads them if the client had sent ``null`` for what the model needs and CDS Hooks does
not (:data:`NEEDED`); and how the model reads the ``services`` of the discovery document.

SandboxClient makes up the id of the patient; it is replaced by PATIENT, unless that is ``-``.
"""

from __future__ import annotations

import copy
import json
import sys
from collections.abc import Iterator
from typing import Any, Final

import httpx  # type: ignore[import-not-found]
from healthchain.models import CDSResponse, CDSServiceInformation
from healthchain.sandbox import SandboxClient
from pydantic import ValidationError

NEEDED: Final = {"suggestions": "isRecommended", "links": "autoLaunchable"}


def faults(answer: dict[str, Any]) -> Iterator[str]:
    """What the model has against an answer: the kind of the fault, and its place without positions."""
    try:
        CDSResponse(**answer)
    except ValidationError as error:
        for fault in error.errors():
            yield " ".join([fault["type"], *(part for part in fault["loc"] if isinstance(part, str))])


def completed(answer: dict[str, Any]) -> dict[str, Any]:
    """An answer with null where the model must have something."""
    answer = copy.deepcopy(answer)
    for card in answer.get("cards", []):
        for name, needed in NEEDED.items():
            for part in card.get(name, []):
                part.setdefault(needed, None)
    return answer


def main(address: str, patient: str, files: list[str]) -> None:
    """Send, and write what came of it."""
    client = SandboxClient(address, workflow="patient-view")
    for file in files:
        client.load_from_path(file)
    for request in client.requests:
        if patient != "-":
            request.context.patientId = patient
    answers = client.send_requests()
    result = [
        {
            "sent": sent,
            "answered": answer,
            "faults": sorted(set(faults(answer))),
            "cards": CDSResponse(**completed(answer)).model_dump(mode="json", exclude_none=True)["cards"],
        }
        for sent, answer in zip(client.get_request_data(), answers, strict=True)
    ]
    discovery = httpx.get(address.rpartition("/")[0], trust_env=False).raise_for_status().json()
    services = CDSServiceInformation(**discovery).model_dump(exclude_none=True)["services"]
    json.dump({"calls": result, "services": services}, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])

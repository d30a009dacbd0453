"""Neither the token nor the patient gets into logs or errors."""

from __future__ import annotations

import logging

import pytest

from cds.service.fhir_server.budget import Budget
from cds.service.fhir_server.client import FhirClient
from tests.service.fhir_server.asking import ONE, TOKEN, State, run
from tests.service.fhir_server.fake import Fake, Reply, answer, bundle
from tests.service.fhir_server.misbehaviour import huge_headers, reset


@pytest.mark.parametrize("reply", [answer(bundle(ONE)), answer(b"", "401 No"), answer(b"<"), reset, huge_headers])
def test_no_token_and_no_patient_in_logs_and_reprs(reply: Reply, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("httpx2", "httpcore2"):
        logging.getLogger(name).setLevel(logging.NOTSET)
    query = "Condition?patient=secret-patient"

    async def work(fake: Fake, client: FhirClient) -> State:
        fake.replies[query] = reply
        found = await client.search(fake.base, query, TOKEN, Budget(60))
        assert TOKEN not in repr(client) + repr(vars(client))
        return found

    found, fake = run(work)
    assert fake.targets
    assert "secret" not in caplog.text + repr(found)

"""The service and the FHIR server of an EHR, each started once for all tests of a module."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.service.clients.ehr import Ehr, ehr
from tests.service.served import Service, served


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ehr]:
    """A FHIR server that asks for an access token."""
    with ehr(tmp_path_factory.mktemp("ehr"), token="an-access-token") as found:  # noqa: S106 - of a test server
        yield found


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, server: Ehr) -> Iterator[Service]:
    """The service; it may call the FHIR server."""
    folder = tmp_path_factory.mktemp("service")
    with served(folder, ["--fhir-seconds", "30"], fhir_servers=[server.base]) as found:
        yield found

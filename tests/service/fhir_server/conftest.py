"""The real FHIR server."""

from tests.service.peers.sekmet import sekmet

__all__ = ["sekmet"]

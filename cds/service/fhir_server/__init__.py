"""Calls the FHIR server of a CDS request: only listed servers, within a time budget, and nothing unbounded is read."""

from cds.service.fhir_server.allow_list import FhirServers
from cds.service.fhir_server.budget import Budget
from cds.service.fhir_server.client import FhirClient, Observer
from cds.service.fhir_server.fill import fill, token_values

__all__ = ["Budget", "FhirClient", "FhirServers", "Observer", "fill", "token_values"]

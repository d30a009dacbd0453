"""The client of FHIR servers, against a hostile one and a real one."""

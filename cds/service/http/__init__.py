"""HTTP as this service speaks it: bodies, errors, admission."""

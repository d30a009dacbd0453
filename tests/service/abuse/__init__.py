"""Attacks on the service: malformed, mutated, marked, misleading, slow and broken requests."""

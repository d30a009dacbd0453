"""Tests of the intake: bytes, responses, charts and findings."""

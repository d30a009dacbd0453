"""Tests of ``cds.pack``."""

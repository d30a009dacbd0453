"""Tests of cds/report: what a batch run found, counted and drawn."""

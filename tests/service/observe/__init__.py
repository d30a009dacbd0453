"""Tests of cds/service/observe."""

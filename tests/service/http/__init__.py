"""Tests of cds/service/http."""

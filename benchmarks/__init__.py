"""Benchmarks: ``make bench`` measures, ``make soak`` watches memory. Nothing here is a test of correctness."""

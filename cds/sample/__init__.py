"""Synthetic patients: seeded draws of answers and charts by the shares that a pack states in ``population.yaml``."""

from cds.sample.population import Population
from cds.sample.read import NAME, read_population
from cds.sample.sampler import Sample, Sampler
from cds.sample.write import BulkFolder

__all__ = ["NAME", "BulkFolder", "Population", "Sample", "Sampler", "read_population"]

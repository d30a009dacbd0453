"""Packs of any size, made up and the same for the same seed: like a real triage pack, scaled up.

Rules are made so that none is needless: each combination of signs is more urgent than each of its parts. All base
findings and options are used, worse numbers never make a result less urgent, and every patient who answered
everything has a rule of some level.
"""

from benchmarks.generated_pack.folder import write_pack

__all__ = ["write_pack"]

"""``make bench-batch``: ``cds batch`` beside its ceiling, the plain path and another engine, and each stage alone."""

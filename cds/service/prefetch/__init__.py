"""What the chart says in a CDS Hooks request: the keys of `prefetch`, and what has to be fetched."""

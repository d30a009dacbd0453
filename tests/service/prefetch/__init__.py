"""What a prefetch key says."""

"""Trust: who may call, and who may not."""

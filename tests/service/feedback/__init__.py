"""Feedback: reading it, and the report."""

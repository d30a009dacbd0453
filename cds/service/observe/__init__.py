"""What operators see of the service: logs, metrics, health. Nothing of a patient, and no token."""

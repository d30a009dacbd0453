"""What CDS Hooks asks of a service, and which test shows that this one does it."""

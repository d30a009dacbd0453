"""The routes of the service, one file each, and what they have in common."""

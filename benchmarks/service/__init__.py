"""How fast the service is, beside a bare echo and another CDS Hooks framework."""

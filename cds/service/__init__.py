"""The CDS Hooks service: cards over HTTP."""

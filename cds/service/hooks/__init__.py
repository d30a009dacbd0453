"""CDS Hooks: which hooks call the packs, with what, and what they answer."""

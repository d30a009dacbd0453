"""The static checks of packs."""

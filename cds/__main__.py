"""``python -m cds``: the same as the command ``cds``."""

from cds.cli import main

if __name__ == "__main__":
    main(prog_name="cds")

"""Run the command line with ``python -m hopfield_opt``."""

import sys

from hopfield_opt.cli import main

if __name__ == "__main__":
    sys.exit(main())

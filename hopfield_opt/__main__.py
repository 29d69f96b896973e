"""The program `hopfield-opt`, also as ``python -m hopfield_opt``."""

import sys

from hopfield_opt import signals


def main() -> int:
    """Run the command line on the words of this process and return its exit code."""
    # before the imports that take a while: Ctrl-C in them is no traceback
    signals.install()
    from hopfield_opt.cli import main

    return main()


if __name__ == "__main__":
    sys.exit(main())

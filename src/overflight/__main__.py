"""``python -m overflight``: the command line without its script."""

import sys

from overflight.cli import main

if __name__ == "__main__":
    sys.exit(main())

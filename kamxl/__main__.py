"""``python -m kamxl`` is the command ``kamxl``."""

import sys

from kamxl.cli import main

if __name__ == "__main__":
    sys.exit(main())

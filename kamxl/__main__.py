"""``python -m kamxl`` is the command ``kamxl``; in a standalone build, its processes apart, too."""

import sys

if __name__ == "__main__":
    if sys.argv[1:] == ["--kamxl-apart"]:  # before anything else is imported (apart/starting.py)
        from kamxl.apart.child import serve

        serve()
        sys.exit()
    from kamxl.cli import main

    sys.exit(main())

"""The layer of xlwings that Excel really talks to, on a computer that is none of Excel's.

``xlwings/_xlwindows.py`` and ``_xlmac.py`` themselves run here, over stand-ins for pywin32 and
appscript whose Excel is the one of ``tests/engines`` in memory. They have what has caught people
out: windows and processes, the table of running objects, an exit hook, refused calls, web
addresses, no printer. A scenario runs in a Python of its own, to its very end, for a system can
be pretended only once and exit hooks run only then; what happened comes back as JSON.
"""

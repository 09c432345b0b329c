"""What came back: every file read apart, judged, accounted for once; who has answered.

``guard`` and ``outgoing`` ask it; ``cli`` and buttons come in.
"""

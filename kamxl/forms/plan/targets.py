"""What an action aims at, as it stands in one cell."""

from __future__ import annotations

from kamxl.core.method.programmes import Action


def target_of(action: Action) -> str:
    """What an action aims at: "SEGMENT/REQUIREMENT", a requirement wherever it is, a wish's id."""
    if action.wish:
        return action.wish
    return requirement_target(action.segment, action.requirement)


def requirement_target(segment: str, requirement: str) -> str:
    """A requirement as an action names it."""
    return f"{segment}/{requirement}" if segment and requirement else requirement

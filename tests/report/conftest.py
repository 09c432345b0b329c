"""The workspace of the workflow's tests, for the page that consolidate writes into it."""

from tests.workflow.conftest import issued_root, team

__all__ = ["issued_root", "team"]

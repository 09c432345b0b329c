"""The command line's part of the add-in: which options go with which action, and what they mean."""

from __future__ import annotations

import argparse
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

from kamxl.errors import KamxlError
from kamxl.workflow.buttons import setup as addin_setup
from kamxl.workflow.buttons import sign as addin_sign
from kamxl.workflow.buttons import status as addin_status
from kamxl.workflow.buttons.setup import Setup
from kamxl.workflow.results import SetupResult
from kamxl.workflow.shown.upkeep import setup_json, setup_lines

_OF = {
    "machine": ("install", "uninstall"),
    "updates": ("install",),
    "certificate": ("sign",),
    "timestamp": ("sign",),
}


def done(
    arguments: argparse.Namespace, folder: Path, language: str
) -> tuple[dict[str, Any], list[str], bool]:
    """Run the action: what it has to say as JSON and in words, and whether somebody has to act."""
    _check(arguments)
    if arguments.action == "sign":
        result = _sign(arguments, folder, language)
    else:
        actions = {
            "install": addin_setup.install,
            "status": addin_status.status,
            "uninstall": addin_setup.uninstall,
        }
        setup = _wanted(arguments, addin_setup.this_machine(language), language)
        result = actions[arguments.action](setup, language)
    return setup_json(result), setup_lines(result), result.attention


def _check(arguments: argparse.Namespace) -> None:
    """KamxlError: an option that this action does not have."""
    for name, actions in _OF.items():
        if getattr(arguments, name) and arguments.action not in actions:
            raise KamxlError(f"--{name} goes with 'addin {actions[0]}'.", "Leave it out here.")


def _wanted(arguments: argparse.Namespace, setup: Setup, language: str) -> Setup:
    """The installation that is meant: this user's or that for all users."""
    if arguments.updates:
        setup = replace(setup, updates=str(Path(arguments.updates).absolute()))
    return addin_setup.for_all_users(setup, language) if arguments.machine else setup


def _sign(arguments: argparse.Namespace, folder: Path, language: str) -> SetupResult:
    """A signed copy in the folder, or what is missing for it."""
    return addin_sign.sign(
        folder, arguments.certificate, arguments.timestamp, language, environ=os.environ
    )

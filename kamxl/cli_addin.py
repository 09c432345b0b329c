"""The command line's part of the add-in: which options go with which action, and what they mean."""

from __future__ import annotations

import argparse
import os
from dataclasses import replace
from pathlib import Path

from kamxl.errors import KamxlError
from kamxl.workflow import addin_setup, addin_sign
from kamxl.workflow.addin_setup import Setup
from kamxl.workflow.results import SetupResult

_OF = {
    "machine": ("install", "uninstall"),
    "updates": ("install",),
    "certificate": ("sign",),
    "timestamp": ("sign",),
}


def check(arguments: argparse.Namespace) -> None:
    """KamxlError: an option that this action does not have."""
    for name, actions in _OF.items():
        if getattr(arguments, name) and arguments.action not in actions:
            raise KamxlError(f"--{name} goes with 'addin {actions[0]}'.", "Leave it out here.")


def wanted(arguments: argparse.Namespace, setup: Setup, language: str) -> Setup:
    """The installation that is meant: this user's or that for all users."""
    if arguments.updates:
        setup = replace(setup, updates=str(Path(arguments.updates).absolute()))
    return addin_setup.for_all_users(setup, language) if arguments.machine else setup


def sign(arguments: argparse.Namespace, folder: Path, language: str) -> SetupResult:
    """A signed copy in the folder, or what is missing for it."""
    return addin_sign.sign(
        folder, arguments.certificate, arguments.timestamp, language, environ=os.environ
    )

"""Workers on other computers: a Dask cluster, reached by its address (the extra ``dask``).

One cluster is one engine: its scheduler and workers have the same Python, the same ``distributed``
and the same kamxl as this computer, or nothing is given to them.
"""

from __future__ import annotations

import contextlib
import logging
import re
import warnings
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from kamxl import __version__
from kamxl.errors import KamxlError
from kamxl.workflow.incoming.elsewhere import Elsewhere

_ADDRESS = re.compile(r"dask(\+tls)?://(\[[0-9A-Fa-f:.]+\]|[^\s:/\[\]]+):([0-9]{1,5})/?")
_CONNECT = 10  # seconds
_PIECES = 64  # files in a batch: what travels is worth its way
_EACH = 3  # batches for each thread of a worker
_ALIKE = ("python", "distributed")  # of what has to be of one version


def is_address(text: str) -> bool:
    """Whether it is that of a cluster: dask://HOST:PORT, or dask+tls:// for an encrypted one."""
    return _ADDRESS.fullmatch(text) is not None


@contextlib.contextmanager
def cluster(address: str, share: Path | None = None) -> Iterator[Elsewhere]:
    """An executor of the cluster at ``address``; ``share``: a folder that all its workers see.

    KamxlError: the extra is not installed here, nobody answers there, there are no workers, theirs
    is another version, or they do not see the folder.
    """
    with _quiet(), _connected(address) as client:
        threads = _fitting(client, address)
        if share is not None:
            _see(client, address, share.resolve())
        yield Elsewhere(
            client.get_executor(),
            share=None if share is None else share.resolve(),
            alive=lambda: _alive(client),
            foreign=True,
            ahead=threads * _EACH,
            pieces=_PIECES,
        )


@contextlib.contextmanager
def _connected(address: str) -> Iterator[Any]:
    known = _ADDRESS.fullmatch(address)
    if known is None:
        raise KamxlError("cluster-address", address=address)
    try:
        distributed: Any = import_module("distributed")
    except ImportError as problem:
        raise KamxlError("cluster-without-dask", reason=str(problem)) from None
    tls, host, port = known.groups()
    place = f"{'tls' if tls else 'tcp'}://{host}:{port}"
    try:
        client = distributed.Client(place, timeout=_CONNECT, set_as_default=False)
    except (OSError, ValueError, TypeError, RuntimeError) as problem:
        raise KamxlError("cluster-unreachable", address=address, reason=str(problem)) from None
    try:
        yield client
    finally:
        with contextlib.suppress(Exception):  # it may be gone
            client.close(timeout=_CONNECT)


def _fitting(client: Any, address: str) -> int:
    """How many threads its workers have (KamxlError: none, or other versions)."""
    told = _asked(lambda: client.get_versions(), address)
    here = _versions(told["client"])
    others = [told["scheduler"], *told["workers"].values()]
    for there in map(_versions, others):
        if there != here:
            raise KamxlError("cluster-other-version", address=address, here=here, there=there)
    answers = _asked(lambda: client.run(kamxl_here, on_error="return"), address)
    for answer in answers.values():
        if answer != __version__:
            there = f"kamxl {answer}" if isinstance(answer, str) else ""
            here = f"kamxl {__version__}"
            raise KamxlError("cluster-other-version", address=address, here=here, there=there)
    threads: int = sum(_asked(client.nthreads, address).values())
    if not threads:
        raise KamxlError("cluster-empty", address=address)
    return threads


def _see(client: Any, address: str, share: Path) -> None:
    """That every worker sees the folder (KamxlError)."""
    answers = _asked(lambda: client.run(sees, str(share), on_error="return"), address)
    if not all(answer is True for answer in answers.values()):
        raise KamxlError("cluster-not-shared", address=address, path=share)


def _asked(question: Any, address: str) -> Any:
    """An answer of the cluster (KamxlError: it gives none)."""
    try:
        return question()
    except Exception as problem:  # dask has many, and none of them is a mistake of ours
        raise KamxlError("cluster-unreachable", address=address, reason=str(problem)) from None


def _versions(of: Mapping[str, Any] | None) -> str:
    """What has to be alike, in words: "Python 3.11, distributed 2026.8.0"."""
    packages = (of or {}).get("packages", {})
    python = ".".join(str(packages.get("python", "?")).split(".")[:2])
    return f"Python {python}, distributed {packages.get('distributed', '?')}"


def kamxl_here() -> str:
    """The version of kamxl (a worker answers)."""
    return __version__


def sees(folder: str) -> bool:
    """Whether there is such a folder (a worker answers)."""
    return Path(folder).is_dir()


def _alive(client: Any) -> bool:
    """Whether there are any workers now."""
    try:
        return client.status == "running" and bool(client.nthreads())
    except Exception:  # the connection broke in this moment
        return False


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """What dask logs and warns of is said in our words, or is nobody's matter."""
    log = logging.getLogger("distributed")
    before = log.level
    log.setLevel(logging.CRITICAL + 1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            yield
        finally:
            log.setLevel(before)

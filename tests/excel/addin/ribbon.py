"""A check of the ribbon's XML against the VBA behind it: what Excel would silently leave out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

from lxml import etree

from kamxl import commands
from kamxl.excel.addin import build

BUTTONS = commands.buttons()
PARTS, SOURCES = build.parts(BUTTONS), build.sources(BUTTONS)
NAMESPACE = "http://schemas.microsoft.com/office/2009/07/customui"
GETTERS = ("getLabel", "getKeytip", "getScreentip", "getSupertip")
_TREE = {"customUI": "ribbon", "ribbon": "tabs", "tabs": "tab", "tab": "group", "group": "button"}
_ATTRIBUTES = {
    "tab": {"id", "getLabel", "getKeytip"},
    "group": {"id", "getLabel"},
    "button": {"id", "imageMso", "size", "onAction", *GETTERS},
}
_NEEDED = {
    "tab": {"id", "getLabel", "getKeytip"},
    "group": {"id", "getLabel"},
    "button": {"id", "imageMso", "onAction", *GETTERS},
}
_PARAMETERS = {
    "onAction": r"control As IRibbonControl",
    **dict.fromkeys(GETTERS, r"control As IRibbonControl, ByRef returnedVal"),
}


def faults(xml: bytes, modules: Mapping[str, str]) -> list[str]:
    """What is wrong with a ribbon whose callbacks are in these modules."""
    root = etree.fromstring(xml)
    found = [] if root.tag == f"{{{NAMESPACE}}}customUI" else [f"root is {root.tag}"]
    elements = [node for node in root.iter() if isinstance(node.tag, str)]
    for node in elements:
        found += _element(node) + _callbacks(node, modules)
    ids = Counter(node.get("id") for node in elements if node.get("id"))
    return found + [f"id {name} stands {n} times" for name, n in ids.items() if n > 1]


def controls(xml: bytes, kind: str) -> list[dict[str, str]]:
    """The attributes of all elements of a kind, in order."""
    return [dict(node.attrib) for node in etree.fromstring(xml).iter(f"{{{NAMESPACE}}}{kind}")]


def _element(node: etree._Element) -> list[str]:
    name = etree.QName(node).localname
    have, where = set(node.attrib), f"{name} {node.get('id')}"
    found = [f"{where}: no {a}" for a in sorted(_NEEDED.get(name, set()) - have)]
    found += [f"{where}: {a} is unknown" for a in sorted(have - _ATTRIBUTES.get(name, set()))]
    if node.get("size", "normal") not in ("normal", "large"):
        found.append(f"{where}: size {node.get('size')}")
    inner = [etree.QName(child).localname for child in node if isinstance(child.tag, str)]
    return found + [f"{where}: holds {child}" for child in inner if child != _TREE.get(name)]


def _callbacks(node: etree._Element, modules: Mapping[str, str]) -> list[str]:
    found = []
    for attribute, parameters in _PARAMETERS.items():
        name = node.get(attribute)
        if name is None:
            continue
        named = re.compile(rf"^(?:Public )?Sub {re.escape(name)}\((.*)\)$", re.M)
        subs = [given for source in modules.values() for given in named.findall(source)]
        if subs != [parameters]:
            found.append(f"{node.get('id')}: {attribute} {name} is {subs}, not ({parameters})")
    return found

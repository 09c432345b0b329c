"""The drawing part of a sheet: where each chart stands, and the words for who cannot see it.

Written here and not by openpyxl because exceljs breaks on a drawing without the ``xdr`` prefix.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kamxl.excel.writing.references import area

_DRAWINGML = "http://schemas.openxmlformats.org/drawingml/2006"
_CHART = f"{_DRAWINGML}/chart"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

_FRAME = (
    '<xdr:twoCellAnchor editAs="oneCell"><xdr:from>{start}</xdr:from><xdr:to>{end}</xdr:to>'
    '<xdr:graphicFrame macro=""><xdr:nvGraphicFramePr>'
    '<xdr:cNvPr id="{id}" name="Chart {number}" descr="{description}"/><xdr:cNvGraphicFramePr/>'
    "</xdr:nvGraphicFramePr>"
    '<xdr:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/></xdr:xfrm>'
    '<a:graphic><a:graphicData uri="{chart}"><c:chart xmlns:c="{chart}" r:id="rId{number}"/>'
    "</a:graphicData></a:graphic></xdr:graphicFrame><xdr:clientData/></xdr:twoCellAnchor>"
)


def frames(charts: Iterable[Any]) -> str:
    """The drawing that holds a sheet's charts (as ``charts.draw`` made them), in order."""
    inner = "".join(
        _FRAME.format(
            start=_corner(chart.corners[0]),
            end=_corner(chart.corners[1]),
            id=number + 1,
            number=number,
            description=chart.description,
            chart=_CHART,
        )
        for number, chart in enumerate(charts, 1)
    )
    spaces = (
        f'xmlns:xdr="{_DRAWINGML}/spreadsheetDrawing" xmlns:a="{_DRAWINGML}/main" '
        f'xmlns:r="{_OFFICE}"'
    )
    return f"<xdr:wsDr {spaces}>{inner}</xdr:wsDr>"


def _corner(cell: str) -> str:
    place = area(cell)
    return (
        f"<xdr:col>{place.column - 1}</xdr:col><xdr:colOff>0</xdr:colOff>"
        f"<xdr:row>{place.row - 1}</xdr:row><xdr:rowOff>0</xdr:rowOff>"
    )

"""A chart becomes a file: HTML, PNG, SVG, PDF or its spec as JSON. No network, no clock, no foreign script.

The web page carries its drawing twice: as a static picture that needs no script, and as a spec that the
bundled Vega draws over it with tooltips, under a policy that allows nothing else.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from timewaste.charts.pdf_order import in_fixed_order
from timewaste.errors import StudyError
from timewaste.files import write_atomically

if TYPE_CHECKING:
    import os

    import altair as alt

SUFFIXES: Final = (".html", ".json", ".pdf", ".png", ".svg")
VEGA_LITE: Final = "6.4"
PNG_SCALE: Final = 2.0

_STYLE: Final = """
html{background:#fff;color:#1d2a2e}
body{margin:24px;font-family:"Liberation Sans",Arial,Helvetica,sans-serif;font-size:14px}
figure{margin:0;overflow-x:auto}
#vg-tooltip-element{visibility:hidden;position:fixed;z-index:9;max-width:420px;padding:8px 10px;
background:#1d2a2e;color:#fff;border-radius:4px;font-size:13.5px;pointer-events:none}
#vg-tooltip-element.visible{visibility:visible}
@page{size:A3 landscape;margin:12mm}
@media print{body{margin:0}svg{max-width:100%;height:auto}}
"""
_BOOT: Final = """
"use strict";
(function () {
  var spec = JSON.parse(document.getElementById("spec").textContent);
  var options = {ast: true, actions: false, renderer: "svg", mode: "vega-lite", defaultStyle: false,
    tooltip: {disableDefaultStyle: true}};
  vegaEmbed("#chart", spec, options).then(function () {
    document.body.setAttribute("data-drawn", "1");
  }, function (problem) {
    document.body.setAttribute("data-problem", String(problem));
  });
})();
"""
_LEAF: Final = re.compile(r'<path((?:\s[\w:-]+="[^"]*")*?\saria-label="([^"]*)"(?:\s[\w:-]+="[^"]*")*)\s*/>')


def svg(chart: alt.TopLevelMixin) -> str:
    """Return the chart as SVG without script; what a tooltip says stands in `<title>` elements."""
    import vl_convert

    spec = _spec(chart)
    drawn: str = vl_convert.vegalite_to_svg(spec, vl_version=VEGA_LITE, allowed_base_urls=[])
    # The tooltip of a static picture is the title of its element; text must not stand before it.
    told = _LEAF.sub(r"<path\1><title>\2</title></path>", drawn)
    told = told.replace('<g class="mark-text role-mark', '<g pointer-events="none" class="mark-text role-mark')
    label = html.escape(_description(spec))
    return told.replace("<svg ", f'<svg role="img" aria-label="{label}" ', 1)


def save(chart: alt.TopLevelMixin, path: str | os.PathLike[str]) -> Path:
    """Write the chart to the path, in the format that its suffix names, and return the path.

    The file appears whole or not at all; the same chart gives the same bytes. Raises `StudyError` for
    another suffix or a folder that cannot be written to.
    """
    target = Path(path)
    suffix = target.suffix.lower()
    if suffix not in SUFFIXES:
        raise StudyError(
            f"a chart cannot be written as {suffix or 'a file without a suffix'}",
            where=str(target),
            mend=f"Choose one of {', '.join(SUFFIXES)}.",
        )
    write_atomically(target, _content(chart, suffix))
    return target


def _content(chart: alt.TopLevelMixin, suffix: str) -> bytes:
    import vl_convert

    if suffix == ".svg":
        return svg(chart).encode()
    if suffix == ".html":
        return page(chart).encode()
    spec = _spec(chart)
    if suffix == ".json":
        return (json.dumps(spec, indent=1, sort_keys=True, allow_nan=False) + "\n").encode()
    if suffix == ".png":
        png: bytes = vl_convert.vegalite_to_png(spec, vl_version=VEGA_LITE, scale=PNG_SCALE, allowed_base_urls=[])
        return png
    pdf: bytes = vl_convert.vegalite_to_pdf(spec, vl_version=VEGA_LITE, allowed_base_urls=[])
    return in_fixed_order(pdf)


def page(chart: alt.TopLevelMixin) -> str:
    """Return a web page that needs nothing but itself and runs nothing but the bundled Vega."""
    import vl_convert

    spec = _spec(chart)
    title = html.escape(_description(spec))
    # Without a snippet of ours; the stub of the library forgets that this is allowed.
    library: str = vl_convert.javascript_bundle(None, vl_version=VEGA_LITE)  # type: ignore[arg-type]
    policy = "; ".join(
        (
            "default-src 'none'",
            f"script-src {_allowed(library)} {_allowed(_BOOT)}",
            f"style-src {_allowed(_STYLE)}",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f'<figure id="chart" aria-label="{title}">{svg(chart)}</figure>\n'
        f'<script type="application/json" id="spec">{_script_text(spec)}</script>\n'
        f"<script>{library}</script>\n<script>{_BOOT}</script>\n</body>\n</html>\n"
    )


def _spec(chart: alt.TopLevelMixin) -> dict[str, Any]:
    spec: dict[str, Any] = chart.to_dict()
    return spec


def _description(spec: dict[str, Any]) -> str:
    return str(spec.get("description", ""))


def _script_text(spec: dict[str, Any]) -> str:
    """Return JSON that no text of it can end the element it stands in."""
    text = json.dumps(spec, sort_keys=True, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _allowed(source: str) -> str:
    digest = hashlib.sha256(source.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"

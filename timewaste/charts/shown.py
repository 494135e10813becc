"""A chart as a notebook shows it: its spec, and beside it a picture for whoever has no Vega; no page, no script.

Altair's own way is a page that fetches Vega from the network and into which a label of a log could write a script
(`docs/adr/0006`). Who chooses another renderer of Altair's gets that one.
"""

from __future__ import annotations

from typing import Any

import altair as alt

from timewaste.charts.export import svg

SPEC = "application/vnd.vegalite.v6+json"
"""As notebooks know it: of a name that ends otherwise, the format of notebooks takes no JSON."""


class ShownChart(alt.LayerChart):
    """An Altair chart of layers that shows itself without network and scripts."""

    def _repr_mimebundle_(self, *args: Any, **kwds: Any) -> Any:  # noqa: ANN401 - as Altair has it
        if alt.renderers.active != "default":
            return super()._repr_mimebundle_(*args, **kwds)
        spec = self.to_dict()
        return {
            SPEC: spec,
            "image/svg+xml": svg(self),
            "text/plain": str(spec.get("description", "")) or "a chart",
        }

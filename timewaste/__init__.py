"""Where a sales force's time goes, and what to eliminate, simplify or automate."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from timewaste.study import Study, open_study

__version__ = "0.1.0"
__all__ = ["Study", "__version__", "open_study"]


def __getattr__(name: str) -> object:
    """Import the study lazily: `timewaste --help` must not pay for DuckDB."""
    if name in {"Study", "open_study"}:
        from timewaste import study

        return getattr(study, name)
    raise AttributeError(name)

"""A synthetic study whose true answer is known: for demonstrations, tests and timing.

`simulate` writes the folder. What the sales force is like stands in `settings`, what people type in
`vocabulary.toml`; `draw` makes chance, `days` and `opportunities` the work, `planting` the dirt, `labelling`
and `writing` the logs, `truth` the answer.
"""

from __future__ import annotations

from timewaste.simulate.study import simulate

__all__ = ["simulate"]

"""Find, order and check the models: everything between a raw log and a picture.

A model is one SELECT in `queries/` or one Polars function in `timewaste/transforms/`; its name is its
table's name. Its header (SQL comment or docstring) is the only documentation of the table.
"""

from __future__ import annotations

import inspect
import re
import sys
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import TYPE_CHECKING

from timewaste.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    import polars as pl

    from timewaste.store import Store

LAYERS = ("input", "staging", "mart", "report")
# int_ tables stand between marts and are not meant for explorers; they are of the marts' layer.
PREFIXES = {"raw": "input", "cfg": "input", "stg": "staging", "int": "mart", "rpt": "report"}
FOLDERS = {"staging": "staging", "marts": "mart", "reports": "report"}
FOLDER_OF = {layer: name for name, layer in FOLDERS.items()}
PER = ("source", "rep")
_COMMENT_OR_LITERAL = re.compile(r"--[^\n]*|'[^']*'")
_READ = re.compile(r"\b(?<!distinct )(?:from|join)\s+([a-z_0-9]+)\b")
_OWN = re.compile(r"\b([a-z_0-9]+) as \(\s")
OWN = "This study's own"
"""How the comment of a study's own table begins."""


@dataclass(frozen=True, slots=True)
class Model:
    """One table to make: what it is called, says of itself, promises, reads, and how it is made."""

    name: str
    sentence: str
    grain: str
    expects: tuple[str, ...]
    reads: tuple[str, ...]
    text: str  # the SQL, or the source of the function: what the fingerprint is taken of
    is_view: bool = False
    is_worked_out: bool = False  # a view, but worked out once for the build, in which many models read it
    per: str = ""  # "source" or "rep": what its rows belong to, so that a change touches only the rows of some
    function: Callable[..., pl.DataFrame] | None = None
    columns: tuple[tuple[str, str], ...] = ()  # what columns mean where the glossary does not say it, or not so
    own_path: str = ""  # of a study's own model: its file within the study

    @property
    def layer(self) -> str:
        """Return the layer, which the name's prefix tells."""
        return PREFIXES.get(self.name.partition("_")[0], "mart")

    @property
    def comment(self) -> str:
        """Return what every database client shows for the table."""
        told = f"{self.sentence} Grain: {self.grain}"
        if not self.own_path:
            return told
        promises = f" Promises, checked at every build: {', '.join(self.expects)}." if self.expects else ""
        return f"{OWN} ({self.own_path}): {told}{promises}"

    @property
    def place(self) -> str:
        """Return where an error about the model points: a study's own file, or the name."""
        return self.own_path or self.name


def queries_folder() -> Path:
    """Return the packaged `queries/`, or the checkout's when the package is used in place."""
    here = Path(__file__).parent
    return here / "queries" if (here / "queries").is_dir() else here.parent / "queries"


def load_models(
    store: Store,
    functions: Iterable[Callable[..., pl.DataFrame]],
    *folders: Path,
    given: Collection[str] = (),
) -> list[Model]:
    """Return all models in build order; `given` are tables of the client's own that they may read.

    Raises `ModelError` for a bad header, layer, reference or circle.
    """
    models = [*map(_polars_model, functions), *_sql_models(store, queries_folder())]
    for folder in folders:
        models += own_models(store, folder)
    by_name: dict[str, Model] = {}
    for model in models:
        if model.name in by_name:
            raise ModelError("two models have this name", where=model.place, mend="Rename one of the files.")
        by_name[model.name] = model
    _check_layers(by_name, given)
    try:
        order = list(TopologicalSorter({m.name: sorted(m.reads) for m in models}).static_order())
    except CycleError as error:
        raise ModelError(f"models read each other in a circle: {' -> '.join(error.args[1])}") from None
    return [by_name[name] for name in order if name in by_name]


def own_models(store: Store, folder: Path) -> list[Model]:
    """Return the models of a study's own `queries/` folder. Raises `ModelError` for a bad header or query."""
    return [
        replace(model, own_path=f"{folder.name}/{FOLDER_OF[model.layer]}/{model.name}.sql")
        for model in _sql_models(store, folder)
    ]


def _sql_models(store: Store, folder: Path) -> list[Model]:
    is_ours = folder == queries_folder()
    return [
        _sql_model(store, path, is_ours=is_ours)
        for name in FOLDERS
        for path in sorted((folder / name).glob("*.sql"))
    ]  # fmt: skip


def _header(text: str, where: str) -> tuple[str, str, tuple[str, ...], tuple[tuple[str, str], ...]]:
    text, *told = re.split(r"^Column:", text.strip(), flags=re.MULTILINE)
    sentence, _, rest = text.strip().partition("Grain:")
    grain, _, expect = rest.partition("Expect:")
    sentence, grain = " ".join(sentence.split()), " ".join(grain.split())
    if not sentence or not grain:
        raise ModelError("the header must be a sentence, then `Grain:`, then `Expect:`", where=where)
    return sentence, grain, tuple(_split_expects(" ".join(expect.split()))), _columns(told, where)


def _columns(told: Iterable[str], where: str) -> tuple[tuple[str, str], ...]:
    """Return name and sentence of each `Column: name = sentence` of a header. Raises `ModelError`."""
    pairs = [(name.strip(), " ".join(words.split())) for name, _, words in (one.partition("=") for one in told)]
    for name, words in pairs:
        if not name.isidentifier() or not words:
            raise ModelError(
                f"what the header says of a column cannot be understood: {name} {words}".strip(),
                where=where, mend="Write it last in the header, as `Column: name = what it means.`",
            )  # fmt: skip
    return tuple(pairs)


def _split_expects(text: str) -> Iterable[str]:
    """Yield `unique(a, b)`, `not_null(c)`, `check(a = b)` from a list of them; brackets may nest."""
    depth = start = 0
    for place, character in enumerate(text):
        depth += (character == "(") - (character == ")")
        if (character == "," and depth == 0) or place == len(text) - 1:
            part = text[start : place + (character != ",")].strip(" .")
            start = place + 1
            if part:
                yield part


def scanned_reads(text: str) -> set[str]:
    """Return what a SELECT in the house's style reads: every name behind `from` or `join` that is no CTE of its own.

    Parsing all the packaged models takes half a second, this a hundredth; the tests hold it against the parser.
    """
    code = _COMMENT_OR_LITERAL.sub("", text)
    return set(_READ.findall(code)) - set(_OWN.findall(code))


def _sql_model(store: Store, path: Path, *, is_ours: bool = False) -> Model:
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    size = next((n for n, line in enumerate(lines) if not line.startswith("--")), len(lines))
    head = "\n".join(line.removeprefix("--").strip() for line in lines[:size])
    told = re.split(r"^Kept:(.*)$", head, maxsplit=1, flags=re.MULTILINE)
    kept = told.pop(1) if len(told) > 1 else ""
    sentence, grain, expects, columns = _header("\n".join(told), str(path))
    try:
        reads = tuple(sorted(scanned_reads(text) if is_ours else store.selects_from(text)))
    except ModelError as error:
        error.where = str(path)
        raise
    model = Model(
        name=path.stem,
        sentence=sentence,
        grain=grain,
        expects=expects,
        reads=reads,
        text=text,
        is_view="as a view" in kept or (path.stem.startswith("stg_") and "as a table" not in kept),
        is_worked_out="worked out once" in kept,
        per=next((unit for unit in PER if f"by {unit}" in kept), ""),
        columns=columns,
    )
    if model.layer != FOLDERS[path.parent.name]:
        raise ModelError(f"a model named like this does not belong in {path.parent.name}/", where=str(path))
    return model


def _polars_model(function: Callable[..., pl.DataFrame]) -> Model:
    sentence, grain, expects, columns = _header(inspect.getdoc(function) or "", function.__name__)
    return Model(
        name=function.__name__,
        sentence=sentence,
        grain=grain,
        expects=expects,
        reads=tuple(inspect.signature(function).parameters),
        text=_source_of(function.__module__),
        function=function,
        columns=columns,
    )


@cache
def _source_of(module_name: str) -> str:
    """Return the source of a module and of our modules that it takes something from: what a model's work depends on."""
    module = sys.modules[module_name]
    taken = {getattr(value, "__module__", None) or "" for value in vars(module).values()}
    ours = sorted(name for name in taken - {module_name} if name.startswith("timewaste.") and name in sys.modules)
    return "\n".join([inspect.getsource(module), *map(_source_of, ours)])


def _check_layers(models: Mapping[str, Model], given: Collection[str]) -> None:
    for model in models.values():
        for read in set(model.reads) - set(given):
            layer = models[read].layer if read in models else PREFIXES.get(read.partition("_")[0], "")
            if layer == "" or (read not in models and layer != "input"):
                near = get_close_matches(read, {*models, *given}, n=1)
                raise ModelError(
                    f"reads {read}, which no model makes", where=model.place,
                    mend=f"Did you mean {near[0]}?" if near else "Correct the name (docs/tables.md lists the tables); "
                    "a table of the client's own stands in a [[table]] block of timewaste.toml.",
                )  # fmt: skip
            if LAYERS.index(layer) > LAYERS.index(model.layer):
                raise ModelError(
                    f"a model of layer {model.layer} reads {read} of the later layer {layer}",
                    where=model.place, mend="Read an earlier table, or move the model.",
                )  # fmt: skip


def broken_rows(table: str, promise: str) -> str:
    """Return the query that counts the rows of `table` that break a promise of its header."""
    kind, inside = _promise(table, promise)
    table = '"' + table.replace('"', '""') + '"'
    if kind == "unique":
        return f"select count(*) from (select 1 from {table} group by {inside} having count(*) > 1)"
    return f"select count(*) from {table} where {_breaks(kind, inside)}"


def broken_examples(table: str, promise: str) -> str:
    """Return the query that shows some of these rows; of a key that is there twice, the key and how often."""
    kind, inside = _promise(table, promise)
    table = '"' + table.replace('"', '""') + '"'
    if kind == "unique":
        again = f"group by {inside} having count(*) > 1 order by all limit 3"
        return f"select {inside}, count(*) as times from {table} {again}"
    return f"select * from {table} where {_breaks(kind, inside)} order by all limit 3"


def _promise(table: str, promise: str) -> tuple[str, str]:
    match = re.fullmatch(r"(unique|not_null|check)\((.*)\)", promise)
    if not match:
        raise ModelError(f"not a promise we know: {promise}", where=table, mend="Use unique, not_null or check.")
    return match[1], match[2]


def _breaks(kind: str, inside: str) -> str:
    if kind == "not_null":
        return " or ".join(f"{column.strip()} is null" for column in inside.split(","))
    return f"not coalesce({inside}, false)"

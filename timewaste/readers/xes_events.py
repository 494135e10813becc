"""The events of an XES file, one by one: the XML is streamed, and nothing of it is kept but the open trace's names.

Knows elements and attributes, not what they mean for a study. Defaults (`<global>`) and what describes the log
are no events.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from xml.parsers.expat import ExpatError, errors

from timewaste.errors import ReadError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from xml.parsers.expat import XMLParserType

MAX_DEPTH = 100
MAX_XML_ATTRIBUTES = 64
MAX_ATTRIBUTES = 1_000
MAX_NAMES = 1_000
MAX_CHARACTERS = 1_000_000
MAX_CASE_CHARACTERS = 4_000
"""A trace's own attributes stand with each of its events up to this length, above it with the first alone."""
MAX_SILENCE = 8 << 20
"""Bytes without a single element: a name, a comment or a value of this length is no event log."""

CASE = "case:"
NAME_OF_CASE = "case:concept:name"
_CHUNK = 256 << 10
_NO_LOG = "This is no event log that can be read: leave it out of logs/, or ask for another export."
_ANEW = "Ask for the export again: an event log is read as a whole or not at all."
_NOT_TOLD = {"global", "extension", "classifier"}


class XesEvent(NamedTuple):
    """One event: its number in the file, its attributes by key (those of its trace with `case:` before the key).

    `trace` is the number of its trace, 0 outside of one. `rule` and `column` say what is wrong with it.
    """

    number: int
    trace: int
    attributes: dict[str, str]
    rule: str = ""
    column: str = ""
    treatment: str = "set_aside"


def read_events(path: Path, relative: str) -> Iterator[XesEvent]:
    """Yield the events in the order of the file.

    Raises `ReadError` xml/doctype or xes/… when the file is not well-formed to its end, or larger than a log can be.
    """
    from defusedxml import DTDForbidden
    from defusedxml.ElementTree import DefusedXMLParser

    parser: XMLParserType = DefusedXMLParser(target=object(), forbid_dtd=True).parser
    watch = _Watch(relative, parser)
    try:
        with path.open("rb") as stream:
            for chunk in iter(lambda: stream.read(_CHUNK), b""):
                parser.Parse(chunk, False)
                watch.check_silence(len(chunk))
                yield from watch.take()
        parser.Parse(b"", True)
        yield from watch.take()
    except DTDForbidden:
        raise ReadError(
            "xml/doctype",
            "the file holds a DOCTYPE, which no event log needs",
            where=relative,
            mend="Do not trust this file; ask its sender for another export.",
        ) from None
    except (ExpatError, LookupError, ValueError) as error:
        raise _damaged(error, parser, relative) from None
    finally:
        watch.let_go()


def _damaged(error: Exception, parser: XMLParserType, relative: str) -> ReadError:
    place = f"{relative}, line {parser.ErrorLineNumber}, byte {parser.ErrorByteIndex}"
    if not isinstance(error, ExpatError):
        return ReadError("xes/encoding", f"its encoding is not known: {error}", where=relative, mend=_ANEW)
    what = errors.messages[error.code]
    cut = {errors.codes[name] for name in (errors.XML_ERROR_NO_ELEMENTS, errors.XML_ERROR_UNCLOSED_TOKEN)}
    if error.code in cut | {errors.codes[errors.XML_ERROR_PARTIAL_CHAR]}:
        return ReadError("xes/truncated", f"the file is cut off: {what}", where=place, mend=_ANEW)
    mend = f"{_ANEW} Where a letter is the fault, the encoding that its first line names is not the file's."
    return ReadError("xes/damaged", f"the file is damaged: {what}", where=place, mend=mend)


class _Watch:
    """Follows the elements; `take` gives the events that are complete."""

    def __init__(self, relative: str, parser: XMLParserType) -> None:
        self._relative, self._parser = relative, parser
        parser.DefaultHandlerExpand = None
        parser.ordered_attributes = False
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        self._done: list[XesEvent] = []
        self._silent = self._elements = 0
        self._names: set[str] = set()
        self._depth = 0
        self._muted_at = 0  # the depth of an element whose content is not told
        self._owner = 0  # the depth of the trace or event whose attributes stand below
        self._path: list[str] = []
        self._number = self._traces = 0
        self._trace = 0
        self._is_first = False
        self._case: dict[str, str] = {}
        self._here: dict[str, str] = {}
        self._characters = 0
        self._rule = self._column = self._case_rule = ""

    def take(self) -> list[XesEvent]:
        """Return the events that are complete, and forget them."""
        done, self._done = self._done, []
        return done

    def let_go(self) -> None:
        """Leave the parser, which would keep this alive."""
        self._parser.StartElementHandler = self._parser.EndElementHandler = None

    def check_silence(self, size: int) -> None:
        """Raise `ReadError` when too many bytes have come without an element."""
        self._silent = 0 if self._elements else self._silent + size
        self._elements = 0
        if self._silent > MAX_SILENCE:
            raise self._refused("too-long", f"{self._silent >> 20} MB without a single element")

    def _refused(self, code: str, what: str) -> ReadError:
        place = f"{self._relative}, line {self._parser.CurrentLineNumber}, byte {self._parser.CurrentByteIndex}"
        return ReadError(f"xes/{code}", what, where=place, mend=_NO_LOG)

    # ------------------------------------------------------------- elements

    def _start(self, tag: str, said: dict[str, str]) -> None:
        self._elements += 1
        self._depth += 1
        self._check(tag, said)
        depth = self._depth
        if self._muted_at:
            return
        if self._owner:
            if depth == 3 and self._trace and _local(tag) == "event":
                self._open_event()
            else:
                self._attribute(said)
            return
        name = _local(tag)
        if depth == 1:
            if name != "log":
                raise self._refused("no-log", f"the file holds a <{name[:40]}>, not a <log>")
        elif name == "trace":
            self._open_trace()
        elif name == "event":
            self._open_event()
        else:  # what describes the log: defaults, extensions, its own attributes
            self._muted_at = depth

    def _end(self, _tag: str) -> None:
        depth = self._depth
        self._depth -= 1
        if self._muted_at:
            if depth == self._muted_at:
                self._muted_at = 0
        elif depth == self._owner:
            self._close()
        elif self._path:
            self._path.pop()

    def _check(self, tag: str, said: dict[str, str]) -> None:
        """Raise `ReadError` for what would make memory grow: depth, attributes, and names, which the parser keeps."""
        if self._depth > MAX_DEPTH:
            raise self._refused("too-deep", f"elements within elements, more than {MAX_DEPTH} deep")
        if len(said) > MAX_XML_ATTRIBUTES:
            raise self._refused("too-large", f"an element with {len(said)} XML attributes")
        if tag not in self._names or not self._names.issuperset(said):
            self._names.update((tag, *said))
            if len(self._names) > MAX_NAMES:
                raise self._refused("too-large", f"more than {MAX_NAMES} names of elements and XML attributes")

    def _open_trace(self) -> None:
        self._owner, self._trace, self._traces = self._depth, self._traces + 1, self._traces + 1
        self._case, self._characters = {}, 0
        self._case_rule = ""
        self._is_first = True

    def _open_event(self) -> None:
        self._owner = self._depth
        self._number += 1
        self._here, self._characters = {}, 0
        self._rule, self._column = (self._case_rule, NAME_OF_CASE) if self._case_rule and self._trace else ("", "")

    def _close(self) -> None:
        is_event = self._owner == 3 or not self._trace
        if not is_event:
            self._owner = self._trace = 0
            self._case = {}
            return
        self._done.append(XesEvent(self._number, self._trace, self._with_case(), self._rule, self._column))
        self._is_first = False
        self._owner = 2 if self._trace else 0
        self._here = {}

    # ----------------------------------------------------------- attributes

    def _attribute(self, said: dict[str, str]) -> None:
        """Keep key and value; what stands within another attribute has the keys above it before its own."""
        path, key = self._path, said.get("key", "")
        path.append(key)
        value = said.get("value")
        if value is None:
            return
        if len(path) > 1:
            key = "/".join(name for name in path if name)
        is_case = self._owner == 2 and self._trace > 0
        names = self._case if is_case else self._here
        key = f"{CASE if is_case else ''}{key or 'no key'}"
        if not is_case and key in self._case:  # an event that speaks of its case itself, perhaps otherwise
            key = f"event {key}"
        if is_case and not self._is_first:
            raise self._refused("late-case", f"a trace tells {key[:40]!r} after its first event")
        self._characters += len(value) + len(key)
        if self._characters > MAX_CHARACTERS or len(names) >= MAX_ATTRIBUTES:
            if is_case:
                raise self._refused("too-large", "a trace with more than 1 MB or 1,000 attributes of its own")
            self._rule, self._column = "event/too_long", ""
            return
        if key in names:
            if is_case and key == NAME_OF_CASE:
                self._case_rule = "event/duplicate_key"
            elif not is_case and len(path) == 1 and not self._rule:
                self._rule, self._column = "event/duplicate_key", key
            key = _free(key, names)
        names[key] = value

    def _with_case(self) -> dict[str, str]:
        if self._is_first or sum(map(len, self._case.values())) <= MAX_CASE_CHARACTERS:
            return self._case | self._here
        return {name: text for name, text in self._case.items() if name == NAME_OF_CASE} | self._here


def _local(tag: str) -> str:
    """Return the name of an element without its namespace."""
    return tag.rpartition("}")[2]


def _free(key: str, names: dict[str, str]) -> str:
    number = len(names) + 1
    while f"{key} ({number})" in names:
        number += 1
    return f"{key} ({number})"

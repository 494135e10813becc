"""XES logs as text, written by hand: the people and cases in them are invented."""

from __future__ import annotations

from xml.sax.saxutils import quoteattr


def attribute(key, value, kind="string", inner=""):
    head = f"<{kind} key={quoteattr(key)} value={quoteattr(value)}"
    return f"{head}>{inner}</{kind}>" if inner else f"{head}/>"


def event(label="Check quote", moment="2026-03-02T09:00:00+01:00", rep="Ida Holm", transition="", **more):
    said = {"concept:name": label, "org:resource": rep, "lifecycle:transition": transition, **more}
    parts = [attribute(key, text) for key, text in said.items() if text]
    parts += [attribute("time:timestamp", moment, "date")] if moment else []
    return f"<event>{''.join(parts)}</event>"


def trace(*events, name="Q-1", **more):
    said = {"concept:name": name, **more} if name else more
    return f"<trace>{''.join(attribute(key, text) for key, text in said.items())}{''.join(events)}</trace>"


def log(*parts, namespace=' xmlns="http://www.xes-standard.org/"', head='<?xml version="1.0" encoding="UTF-8"?>'):
    return f'{head}\n<log xes.version="1.0"{namespace}>\n' + "\n".join(parts) + "\n</log>\n"


GLOBALS = (
    '<global scope="trace"><string key="concept:name" value="__INVALID__"/></global>'
    '<global scope="event"><string key="concept:name" value="__INVALID__"/>'
    '<string key="concept:name" value="__INVALID__"/><string key="org:resource" value="UNKNOWN"/>'
    '<date key="time:timestamp" value="1970-01-01T00:00:00.000+00:00"/></global>'
)

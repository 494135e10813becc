"""Names of time zones as programs write them -> the name in the IANA database, or nothing: never a guess."""

from __future__ import annotations

from functools import cache

_NO_ZONES = {"localtime", "factory", "posixrules"}


@cache
def iana_zone(name: str) -> str:
    """Return the IANA name of a zone, "" if it is not known.

    Knows IANA names in any case, those of Windows (`W. Europe Standard Time`), and names that end in one of them
    (`/mozilla.org/20070129_1/America/New_York`).

    >>> iana_zone("Europe/lisbon"), iana_zone("GMT Standard Time"), iana_zone("Customized Time Zone")
    ('Europe/Lisbon', 'Europe/London', '')
    """
    plain = name.strip().strip('"').strip().casefold()
    if found := _iana_names().get(plain) or _windows_names().get(plain):
        return found
    parts = plain.split("/")
    if plain.startswith("/") or "://" in plain:
        for count in (3, 2, 1):
            if len(parts) > count and (found := _iana_names().get("/".join(parts[-count:]))):
                return found
    return ""


@cache
def _iana_names() -> dict[str, str]:
    from zoneinfo import available_timezones

    return {name.casefold(): name for name in sorted(available_timezones()) if name.casefold() not in _NO_ZONES}


@cache
def _windows_names() -> dict[str, str]:
    from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

    known = _iana_names()
    return {name.casefold(): zone for name, zone in WINDOWS_TO_OLSON.items() if zone.casefold() in known}

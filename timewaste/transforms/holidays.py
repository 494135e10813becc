"""Public holidays of the places where reps work. The only door to the library that knows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timewaste.errors import ConfigError

if TYPE_CHECKING:
    import datetime as dt

    import polars as pl


def holidays(
    cfg_workplace: pl.DataFrame, cfg_holidays: pl.DataFrame, stg_reps: pl.DataFrame, study_waves: pl.DataFrame
) -> pl.DataFrame:
    """Public holidays in the years of the study, for the study's region ('') and for each `holiday_region` of reps.csv.

    A rep's region is one of the study's country, such as `BY`, or a country with a region of its own, such as `AT-9`.
    Without `[study] country` there are only the days that `[study] holidays` names, which count in every region.

    Grain: one row per region and day.
    Expect: unique(region, local_date), not_null(region, local_date, name)
    Column: region = Region of the holiday_region of reps.csv; empty for the study's.
    Column: name = Name of the holiday.
    Column: local_date = The day.
    """
    import polars as pl

    country, region = cfg_workplace.row(0)
    spans = study_waves.select("first_date", "last_date").iter_rows()
    years = sorted({year for first, last in spans for year in range(first.year, last.year + 1)})
    own = sorted({text for text in stg_reps["holiday_region"] if text})
    places = {"": (country, region)} | {text: _place(text, country) for text in own}
    found: dict[tuple[str, dt.date], str] = {}
    for key, (its_country, its_region) in places.items():
        for day, name in _public(its_country, its_region, years).items():
            found[key, day] = name
        for day in cfg_holidays["local_date"]:
            found.setdefault((key, day), "Holiday of the study")
    rows = [(key, day, name) for (key, day), name in sorted(found.items())]
    return pl.DataFrame(rows, schema={"region": pl.String, "local_date": pl.Date, "name": pl.String}, orient="row")


def _place(text: str, country: str) -> tuple[str, str]:
    if "-" in text:
        its_country, _, its_region = text.partition("-")
        return its_country, its_region
    if not country:
        raise ConfigError(
            f"holiday_region {text!r} needs a country", where="reps.csv",
            mend='Write it as "DE-BY", or name the country under [study] in timewaste.toml.',
        )  # fmt: skip
    return country, text


def _public(country: str, region: str, years: list[int]) -> dict[dt.date, str]:
    if not country or not years:
        return {}
    from holidays import country_holidays, list_supported_countries

    known = list_supported_countries()
    if country not in known:
        raise ConfigError(
            f"holidays of country {country!r} are not known", where="study.country",
            mend="Write its two letters, such as DE; or list the days: holidays = [2026-05-01].",
        )  # fmt: skip
    if region and region not in known[country]:
        raise ConfigError(
            f"holidays of region {region!r} of {country} are not known", where="study.region",
            mend=f"Regions of {country}: {', '.join(known[country]) or 'none'}.",
        )  # fmt: skip
    return dict(sorted(country_holidays(country, subdiv=region or None, years=years).items()))

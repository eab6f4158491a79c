"""Settings as files and tables have them: as JSON, without what does not count."""

from collections.abc import Mapping
from dataclasses import asdict, fields
from pathlib import Path

from infogan_lite.codes import LatentCode
from infogan_lite.running import checks
from infogan_lite.settings import Settings

OF_CIRCLES = ("kappa", "lam_circular")  # settings that count for circular factors alone


def read_settings(path: str | Path, metadata: Mapping[str, str]) -> Settings:
    """The settings of the model in a file."""
    values = checks.read_json(path, metadata, "settings")
    checks.need_kind(path, "settings", values, dict)
    names = [f.name for f in fields(Settings)]
    unknown = sorted(values.keys() - set(names))
    checks.need(not unknown, path, "settings", unknown, f"of the fields {', '.join(names)}")
    values = completed(values)
    for name in names:
        checks.need(name in values, path, f"settings.{name}", checks.Kind("missing"), "there")
    code, parts = values["code"], [f.name for f in fields(LatentCode)]
    good = isinstance(code, dict) and code.keys() == set(parts)
    checks.need(good, path, "settings.code", code, f"a table with the fields {', '.join(parts)}")
    try:
        return Settings(**values | {"code": LatentCode(**code)})
    except ValueError as error:
        raise ValueError(f"{path}: settings: {str(error)[:500]}") from error


def as_table(settings: Settings) -> dict:
    """Settings as files have them: those of circular factors only where there are any.

    So what is without them is written as it was before there were any, and read by older versions.
    """
    table = asdict(settings)
    if not settings.code.circular:
        del table["code"]["circular"]
        for name in OF_CIRCLES:
            del table[name]
    return table


def completed(table: dict) -> dict:
    """A table of settings with those of circular factors, which may be left out together."""
    code = table.get("code")
    if not isinstance(code, dict) or {*OF_CIRCLES, "circular"} & {*table, *code}:
        return table
    usual = {name: getattr(Settings(), name) for name in OF_CIRCLES}
    return table | usual | {"code": code | {"circular": 0}}

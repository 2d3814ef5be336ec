"""``facts.json``: England's figures and every fact that a page shows, with what a program needs to use them.

The file maps ids to facts. One entry is no fact: ``header``, which stands first and says what the report is of. It also
holds the inputs and the kinds of rounding, which facts name by number, so that no checksum stands ten thousand times.
Files of format 1 have no header.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import Any

from analysis import formats
from analysis.columns import ENGLAND
from analysis.facts.fact import Fact, Facts, Origin, Source, Status
from analysis.facts.lineage import Inputs, Register
from analysis.facts.lookup import FactLookup, id_of
from analysis.facts.row_counts import RowCounts

HEADER = "header"
LICENCE = "Open Government Licence v3.0"
ATTRIBUTION = "Contains public sector information licensed under the Open Government Licence v3.0."
# England's figures of these frames are in the file for every census and role; of the others for the census of the
# report, and for these roles. Of missing figures only those of two measures are in it, or nobody could open the file.
_EVERY_CENSUS = ("totals", "coverage")
_MISSING_TOLD = ("fte", "headcount")
_ROLES = ("splw", "splw_all", "splw_mh", "hwbc", "cc", "splw_hwbc", "splw_all_hwbc", "arrs13")


def facts_json(facts: Facts, period: str, role: str, *, synthetic: bool) -> str:
    """The text of ``facts.json``: the header, then the facts by id, a line each. The same facts give the same bytes."""
    lookup = _lookup_of(facts)
    header = {
        formats.FIELD: formats.FORMATS[formats.FACTS],
        "period": period,
        "role": role,
        "synthetic": synthetic,
        "licence": "" if synthetic else LICENCE,
        "attribution": "Invented figures, made to test the report. Do not quote them." if synthetic else ATTRIBUTION,
        "code_version": "",
        "facts": 0,
        "sources": {},
        "roundings": {},
        "inputs": None if lookup is None else _inputs_as_data(lookup.inputs),
    }
    return _numbered(header, {fact_id: _entry(facts[fact_id], lookup) for fact_id in kept_ids(facts, period)})


def with_shown(text: str, facts: Facts, shown: Iterable[str], code_version: str) -> str:
    """The text of ``facts.json`` with the facts that a page shows as well, and with the version of the code.

    ``text`` is of :func:`facts_json`, of the same ``facts``; what it holds is not made again.
    """
    entries = json.loads(text)
    header = entries.pop(HEADER)
    sources = {n: (source["file"], source["sha256"], source["census"]) for n, source in header["sources"].items()}
    for entry in entries.values():
        origin = entry["origin"]
        origin["rounding"] = header["roundings"][str(origin["rounding"])]
        origin["sources"] = [(sources[number], rows) for number, rows in origin["sources"].items()]
    lookup = _lookup_of(facts)
    entries |= {fact_id: _entry(facts[fact_id], lookup) for fact_id in shown if fact_id not in entries}
    return _numbered({**header, "code_version": code_version}, entries)


def _numbered(header: dict[str, Any], entries: Mapping[str, dict[str, Any]]) -> str:
    """The text of the file, with numbers in the entries for the sources and roundings that the header holds."""
    sources: dict[tuple[str, str, str], int] = {}
    roundings: dict[str, int] = {}
    lines = []
    for fact_id, entry in sorted(entries.items()):
        origin, counted = entry["origin"], dict[str, int]()
        rounding = roundings.setdefault(origin["rounding"], len(roundings) + 1)
        for source, rows in origin["sources"]:
            number = str(sources.setdefault(source, len(sources) + 1))
            counted[number] = counted.get(number, 0) + rows
        line = _line({**entry, "origin": {**origin, "rounding": rounding, "sources": counted}})
        lines.append(f"{json.dumps(fact_id)}: {line}")
    header |= {
        "facts": len(lines),
        "sources": {str(n): {"file": file, "sha256": sha, "census": at} for (file, sha, at), n in sources.items()},
        "roundings": {str(number): text for text, number in roundings.items()},
    }
    head = f"{json.dumps(HEADER)}: {json.dumps(header, ensure_ascii=False, indent=1)}"
    return "{\n" + ",\n".join([head, *lines]) + "\n}\n"


def kept_ids(facts: Facts, period: str) -> Iterator[str]:
    """The ids that are in the file whatever a page shows: each once."""
    lookup = _lookup_of(facts)
    yield from (fact_id for fact_id in facts.made if lookup is None or not lookup.has(fact_id))
    if lookup is not None:
        roles = lookup.roles.with_focus(_ROLES)
        for measure, key, row in lookup.of_area(ENGLAND):
            if measure.frame in _EVERY_CENSUS:
                kept = measure.name in _MISSING_TOLD or not math.isnan(row[measure.column])
            else:
                kept = str(row["census"]) == period and ("role" not in measure.keys or str(row["role"]) in roles)
            if kept:
                yield id_of(measure, key)


def read_facts_json(text: str) -> tuple[dict[str, Any], list[Fact]]:
    """The header (empty in format 1) and the facts of a ``facts.json``.

    Raises
    ------
    NewerFormatError
        When a later version of the project wrote it.
    """
    content = json.loads(text)
    header = content.pop(HEADER, {})
    formats.require_known(formats.FACTS, header.get(formats.FIELD, 0))
    read = _fact_of_format_2 if header else _fact_of_format_1
    return header, [read(fact_id, data, header) for fact_id, data in content.items()]


def inputs_from_data(data: Mapping[str, Any], rows: RowCounts) -> Inputs:
    """The inputs that the header names."""
    return Inputs(
        workforce={census: (file, sha256) for census, (file, sha256) in data["workforce"].items()},
        bulletin={census: (file, sha256) for census, (file, sha256) in data["bulletin"].items()},
        register=Register(**data["register"]),
        patients={census: tuple(Source(**each) for each in lists) for census, lists in data["patients"].items()},
        rows=rows,
        deprivation=tuple((file, sha256, at, number) for file, sha256, at, number in data["deprivation"]),
    )


def _inputs_as_data(inputs: Inputs) -> dict[str, Any]:
    return {
        "workforce": dict(inputs.workforce),
        "bulletin": dict(inputs.bulletin),
        "register": asdict(inputs.register),
        "patients": {census: [asdict(each) for each in lists] for census, lists in inputs.patients.items()},
        "deprivation": inputs.deprivation,
    }


def _lookup_of(facts: Facts) -> FactLookup | None:
    return facts.lookup if isinstance(facts.lookup, FactLookup) else None


def _entry(fact: Fact, lookup: FactLookup | None) -> dict[str, Any]:
    """What the file says of a fact, before :func:`_numbered` puts numbers for sources and rounding."""
    origin = fact.origin
    return {
        "value": fact.value,
        "unit": fact.unit,
        "period": fact.period,
        "text": fact.text,
        "status": fact.status.value,
        "note": fact.status.shorthand,
        **(lookup.fields(fact.id) if lookup else {}),
        "origin": {
            "definition": origin.definition,
            "expression": origin.expression,
            "rounding": origin.rounding,
            "sources": [((source.file, source.sha256, source.census), source.rows) for source in origin.sources],
        },
    }


def _line(entry: Mapping[str, Any]) -> str:
    return json.dumps(entry, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _fact_of_format_2(fact_id: str, data: Mapping[str, Any], header: Mapping[str, Any]) -> Fact:
    origin = data["origin"]
    sources = tuple(Source(**header["sources"][number], rows=rows) for number, rows in origin["sources"].items())
    rounding = header["roundings"][str(origin["rounding"])]
    return _fact(fact_id, data, Origin(origin["definition"], origin["expression"], rounding, sources))


def _fact_of_format_1(fact_id: str, data: Mapping[str, Any], _: Mapping[str, Any]) -> Fact:
    origin = dict(data["origin"])
    sources = tuple(Source(**source) for source in origin.pop("sources", ()))
    return _fact(fact_id, data, Origin(**origin, sources=sources))


def _fact(fact_id: str, data: Mapping[str, Any], origin: Origin) -> Fact:
    return Fact(
        id=fact_id,
        value=data["value"],
        unit=data["unit"],
        period=data["period"],
        text=data["text"],
        status=Status(data["status"]),
        origin=origin,
    )

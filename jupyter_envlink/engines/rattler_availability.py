"""What channels have of some specs, asked of rattler's gateway: after a solve has failed, so from its own cache."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from ..envfile.matchspec import for_rattler
from ..envfile.spec import package_name
from .availability import Availability, Available

if TYPE_CHECKING:
    from rattler import Gateway, MatchSpec, RepoDataRecord


async def look_up(gateway: Gateway, sources: Sequence[Any], specs: Iterable[str]) -> Availability:
    """``Availability`` on this platform. A spec is asked about whatever channel it names itself."""
    from rattler import MatchSpec
    from rattler.platform import Subdir

    parsed = {spec: MatchSpec(_without_channel(for_rattler(spec))) for spec in specs}
    platforms = [Subdir.current(), Subdir("noarch")]
    names = {str(package_name(spec)) for spec in parsed if not package_name(spec).startswith("__")}
    answers = await gateway.query(list(sources), platforms, sorted(names), recursive=False)
    records: dict[str, list[RepoDataRecord]] = {name: [] for name in names}
    for answer in answers:
        for record in answer:
            records[record.name.normalized].append(record)
    found = {spec: _available(match, records.get(package_name(spec), [])) for spec, match in parsed.items()}
    known = await gateway.names(list(sources), platforms)
    return Availability(found, frozenset(name.normalized for name in known))


def _without_channel(spec: str) -> str:
    return spec.rpartition("::")[2]


def _available(wanted: MatchSpec, records: list[RepoDataRecord]) -> Available:
    ordered = sorted(records, key=lambda record: (record.version, record.build_number), reverse=True)
    groups = [[record for record in ordered if spec.matches(record)] for spec in _loosened(wanted)]
    best = next((group[0] for group in [*groups, ordered] if group), None)
    return Available(
        versions=tuple(dict.fromkeys(str(record.version) for record in ordered)),
        fits=bool(groups[0]),
        fits_unbuilt=bool(groups[1]),
        fits_minor=bool(groups[2]),
        depends=frozenset(package_name(each) for each in best.depends) if best else frozenset(),
    )


def _loosened(wanted: MatchSpec) -> list[MatchSpec]:
    """The spec itself, without its build, and with no more than two numbers of its version."""
    from rattler import MatchSpec

    name = package_name(str(wanted))
    unbuilt = MatchSpec(f"{name} {wanted.version}" if wanted.version else name)
    numbers = str(wanted.version or "").lstrip("=").removesuffix(".*").split(".")
    minor = MatchSpec(f"{name} {'.'.join(numbers[:2])}.*") if numbers[0].isdigit() else unbuilt
    return [wanted, unbuilt, minor]

"""Kernels that cannot start, each as one that says why: under the name that notebooks know."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from os.path import basename, join

from .bindings import Binding
from .environment import Environment, Kernel, Problem, State
from .kernel_dirs import ownership
from .kernelspecs import link_all
from .link import Link
from .offer import Offer
from .sentence import told
from .stand_in.explanation import ENCRYPTION, Explanation, spec
from .titles import TEMPLATE

_WORDS = {
    State.BROKEN: "broken",
    State.INCOMPLETE: "unfinished",
    State.NO_KERNEL: "no kernel",
    State.BUILDING: "being made",
}
Known = Mapping[tuple[str, str], Kernel]
"""Kernels as they were when this process saw them last, by prefix and name."""
_UNKNOWN = Problem(
    "not-ready", told("The environment is not ready."), told("Look for its state among the environments.")
)


@dataclass(frozen=True)
class Surroundings:
    """What a stand-in needs: Jupyter's data folder and configured folders of environments, where it looks again; and
    the ways to encrypt its connection that the server's own ipykernel knows.
    """

    data_dir: str
    roots: tuple[str, ...]
    encryption: tuple[str, ...] = ()


def unready_links(
    environments: Iterable[Environment],
    bindings: Mapping[str, Binding],
    known: Known,
    names: Collection[str],
    titles: Collection[str],
    template: str,
) -> tuple[Link, ...]:
    """The kernels that environments had which are not ready now. ``names`` and ``titles`` are taken by others."""
    had = [e for e in environments if e.state is not State.READY and bindings.get(e.prefix, Binding()).kernels]
    return _as_they_were(had, bindings, known, names, titles, template)


def gone_links(
    records: Mapping[str, Binding], problems: Mapping[str, Problem | None], known: Known, names: Collection[str]
) -> tuple[Link, ...]:
    """The kernels that ``records``, by prefix, tell of, of those that have a problem."""
    gone = [
        Environment(prefix, "", basename(prefix), State.BROKEN, problem=problems[prefix])
        for prefix, record in records.items()
        if record.kernels and problems[prefix]
    ]
    return _as_they_were(gone, records, known, names)


def orphan_link(offer: Offer) -> Link | None:
    """What a spec that we registered is of, though its environment is not seen here; ``None`` for a foreign one."""
    owned = ownership(offer.spec, offer.name)
    if owned is None:
        return None
    prefix = owned["prefix"]
    environment = Environment(prefix, str(owned.get("kind", "")), basename(prefix), State.BROKEN)
    content = offer.spec
    kernel = Kernel(
        name=owned["kernel"],
        display_name=content.get("display_name", offer.name),
        language=content.get("language", ""),
        argv=tuple(content["argv"]),
        resource_dir=offer.directory,
        interrupt_mode=content.get("interrupt_mode", "signal"),
    )
    return Link(offer.name, kernel.display_name, environment, kernel)


def languages(environment: Environment) -> Mapping[str, str]:
    """What ``Binding.kernels`` keeps of an environment."""
    return {kernel.name: kernel.language for kernel in environment.kernels}


def stand_in(link: Link, surroundings: Surroundings, problem: Problem | None = None) -> Offer:
    """What is offered in place of ``link``: for its environment's own ``problem``, or for one just found."""
    environment = link.environment
    problem = problem or environment.problem or _UNKNOWN
    explanation = Explanation(
        kernel=link.name,
        title=link.display_name,
        language=link.kernel.language,
        message=problem.message,
        remedy=problem.remedy,
        interrupt_mode=link.kernel.interrupt_mode,
        encryption=tuple(each for each in surroundings.encryption if each in _known_encryption(link.kernel)),
        data_dir=surroundings.data_dir,
        prefix=environment.prefix,
        roots=surroundings.roots,
    )
    title = f"{link.display_name}: {_WORDS.get(environment.state, 'broken')}"
    content = spec(explanation, link, problem, title)
    return Offer(link.name, content, link.kernel.resource_dir, (), explanation=explanation, environment=environment)


def _as_they_were(
    environments: Collection[Environment],
    bindings: Mapping[str, Binding],
    known: Known,
    names: Collection[str],
    titles: Collection[str] = (),
    template: str = TEMPLATE,
) -> tuple[Link, ...]:
    """The links that these would have were they ready, each with the environment as it is."""
    states = {environment.prefix: environment for environment in environments}
    before = [
        replace(e, state=State.READY, kernels=tuple(_kernels(e, bindings[e.prefix], known))) for e in environments
    ]
    links = link_all(before, bindings, names, titles, template)
    return tuple(replace(link, environment=states[link.environment.prefix]) for link in links)


def _kernels(environment: Environment, binding: Binding, known: Known) -> Iterator[Kernel]:
    for name, language in binding.kernels.items():
        folder = join(environment.prefix, "share", "jupyter", "kernels", name)
        yield known.get((environment.prefix, name)) or Kernel(name, name, language, (), folder)


def _known_encryption(kernel: Kernel) -> Collection[str]:
    """What the real one knows, so that it can take over; where that is not known any more, what all do by now."""
    known = kernel.metadata.get(ENCRYPTION, ()) if kernel.argv else ("curve",)
    return known if isinstance(known, (list, tuple)) else ()

"""What can be told of one environment without running anything: each fact a sentence, each fault with its remedy."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from . import preflight
from .activation import has_scripts
from .engines.choice import Choice
from .environment import Environment, Problem, State, kernel_name
from .errors import EnvlinkError
from .link import Link
from .locators.kernelfiles import read_kernel_files
from .menu import KernelMenu
from .naming import is_reserved
from .registration import Registrar, Standing
from .sentence import joined, told

_KERNELS = os.path.join("share", "jupyter", "kernels")
_MOST_LINKS = 10


@dataclass(frozen=True)
class Check:
    """One thing that was looked at. ``ok`` is ``None`` for a fact that is neither right nor wrong, or not known."""

    code: str
    ok: bool | None
    text: str
    remedy: str = ""


def of_problem(code: str, problem: Problem) -> Check:
    return Check(code, False, problem.message, problem.remedy)


def engine(choice: Choice) -> Check:
    """Whether what solves and installs is there."""
    from .engines.chosen import about

    try:
        found = about(choice)
    except EnvlinkError as error:
        return Check("engine", False, error.message, error.remedy)
    words = (choice.name, found.version, f"({found.path})" if found.path else None)
    return Check(
        "engine", True, told("Packages are solved for and installed by {engine}.", engine=" ".join(filter(None, words)))
    )


def found_by(environment: Environment, ways: Sequence[str]) -> Check:
    way = joined("; ", ways) or told("among those that {kind} keeps", kind=environment.kind)
    return Check("found", True, told("It is of the kind {kind}. Found: {way}.", kind=environment.kind, way=way))


def state(environment: Environment) -> Check:
    """Whether it can be a kernel. Not all are meant to be, and some are just being made: neither is wrong."""
    problem = environment.problem
    if environment.state is State.READY:
        return Check("state", True, told("It can be a kernel."))
    if problem is None:
        return Check(
            "state", False, told("It is {state}.", state=environment.state.word), told("See its other checks.")
        )
    is_wrong = environment.state not in (State.NO_KERNEL, State.BUILDING, State.INCOMPLETE)
    return Check("state", False if is_wrong else None, problem.message, problem.remedy)


def python(environment: Environment) -> Check:
    """Where its Python is, through all links. That it is missing and should not be, the state says."""
    path = environment.python
    if path is None:
        return Check("python", None, told("It has no Python."))
    chain = " -> ".join(_links(path))
    version = f"Python {environment.python_version}" if environment.python_version else "Python"
    if not os.path.exists(path):
        return Check(
            "python",
            False,
            told("{version} leads nowhere: {chain}.", version=version, chain=chain),
            told("Create the environment again."),
        )
    if not os.access(path, os.X_OK):
        return Check(
            "python",
            False,
            told("{chain} may not be executed.", chain=chain),
            told("Make it executable: chmod +x {path}", path=path),
        )
    return Check("python", True, told("{version} is at {chain}.", version=version, chain=chain))


def _links(path: str) -> Iterator[str]:
    yield path
    for _ in range(_MOST_LINKS):
        if not os.path.islink(path):
            return
        target = os.readlink(path)
        path = os.path.normpath(os.path.join(os.path.dirname(path), target))
        yield target


def kernel_files(environment: Environment) -> Iterator[Check]:
    """Each ``kernel.json`` of its own, valid or not, and each kernel that it has from elsewhere."""
    files = read_kernel_files(os.path.join(environment.prefix, _KERNELS), {})
    own = {kernel.resource_dir for kernel in files.kernels}
    for kernel in (*files.kernels, *(kernel for kernel in environment.kernels if kernel.resource_dir not in own)):
        file = os.path.join(kernel.resource_dir, "kernel.json")
        yield Check(
            "kernel-file",
            True,
            told(
                "{file} is valid: {display_name}, {language}.",
                file=file,
                display_name=kernel.display_name,
                language=kernel.language,
            ),
        )
    for fault in files.faults:
        yield Check(
            "kernel-file",
            False,
            told("{fault}.", fault=fault),
            told("Reinstall the package that it came with, or correct the file."),
        )


def program(link: Link, menu: KernelMenu) -> Check:
    """Whether the kernel can start, as far as files tell. A bare name is looked up on ``PATH`` when it does."""
    spec = menu.kernel_spec(link)
    problem, word = preflight.obstacle(link, spec), spec["argv"][0]
    if problem is not None:
        return of_problem("program", problem)
    if os.path.isabs(word):
        return Check("program", True, told("{word} starts the kernel {name}.", word=word, name=link.name))
    text = told(
        "{word}, which starts the kernel {name}, is not in the environment, but looked for on PATH.",
        word=word,
        name=link.name,
    )
    return Check("program", None, text)


def activation(environment: Environment, menu: KernelMenu) -> Check:
    """Whether the scripts of its packages have been run, and what became of it."""
    if not has_scripts(environment):
        return Check("activation", True, told("Its variables are read from its files; it has no activation scripts."))
    known = menu.scripts.get(environment)
    if known is not None:
        return Check(
            "activation", True, told("Its activation scripts were run and set {known} variables.", known=len(known))
        )
    failure = menu.scripts.failure(environment)
    if failure is None:
        text = told("Its activation scripts have not been run since it changed; that happens before it is registered.")
        return Check("activation", None, text)
    text = told(
        "Its kernels start without what its activation scripts set, as these failed: {failure}", failure=failure
    )
    remedy = told(
        "Try the scripts in {prefix} in a shell.", prefix=os.path.join(environment.prefix, "etc", "conda", "activate.d")
    )
    return Check("activation", False, text, remedy)


def offered(environment: Environment, menu: KernelMenu) -> Check:
    """Whether its kernels are in the menu, and by whose will."""
    own, name = menu.bindings.get(environment.prefix), environment.name
    if own.attached is False:
        return Check(
            "attached",
            None,
            told("You have detached it: it is in no menu."),
            told("jupyter envlink attach {name}", name=name),
        )
    if own.hidden:
        text = told("You have hidden it: the menu leaves it out, and notebooks that name it still start.")
        return Check("hidden", None, text, told("jupyter envlink set {name} --show", name=name))
    if environment.state is not State.READY and own.kernels:
        return Check(
            "attached", None, told("The menu keeps it, as it was a kernel; a notebook that picks it is told this.")
        )
    if environment.state is not State.READY:
        return Check("attached", None, told("It is in no menu, as it cannot be a kernel now."))
    return Check(
        "attached", True, told("You have attached it.") if own.attached else told("It is in the menu of itself.")
    )


def names(links: Sequence[Link], menu: KernelMenu) -> Iterator[Check]:
    """What each kernel is called, and why not by the environment's plain name."""
    for link in links:
        yield Check(
            "name",
            True,
            _named(link),
        )
    for link in links[:1]:
        plain = kernel_name(link.environment.name)
        if link.base_name != plain:
            yield Check(
                "name-taken",
                None,
                told("It is not called {name}: {reason}", name=plain, reason=_taken(plain, link, menu)),
            )


def _named(link: Link) -> str:
    if not link.aliases:
        return told("{title} is the kernel {name}.", title=link.display_name, name=link.name)
    return told(
        "{title} is the kernel {name}; also known as {aliases}.",
        title=link.display_name,
        name=link.name,
        aliases=", ".join(link.aliases),
    )


def _taken(plain: str, link: Link, menu: KernelMenu) -> str:
    foreign = menu.kernel_dirs.all().get(plain)
    if foreign is not None and foreign.owned is None:
        return told("the kernel spec {folder}, which is not of envlink, bears that name.", folder=foreign.directory)
    if is_reserved(plain):
        return told("notebooks everywhere call their own machine's kernel so.")
    bearers = [prefix for prefix, binding in menu.bindings.all().items() if binding.name == plain]
    bearers += [other.environment.prefix for other in menu.links() if other.base_name == plain]
    others = [prefix for prefix in bearers if prefix != link.environment.prefix]
    return (
        told("{prefix} has that name.", prefix=others[0])
        if others
        else told("it got its name when that was taken, and keeps it.")
    )


def registered(link: Link, registrar: Registrar) -> Check:
    """Whether programs that do not ask the server find the kernel on the disk."""
    standing = registrar.standing(link)
    folder = registrar.kernels_dir / link.name
    if standing is Standing.REGISTERED:
        return Check(
            "registered", True, told("{folder} is up to date, so nbconvert and papermill find it.", folder=folder)
        )
    if standing is Standing.UNWANTED:
        return Check("registered", None, *_unwanted(link, registrar))
    problem = registrar.problems.get(link.environment.id) or registrar.obstacle()
    if problem is not None:
        return of_problem("registered", problem)
    if standing is Standing.FOREIGN:
        text = told("{folder} was not made by envlink, so {name} is not registered.", folder=folder, name=link.name)
        return Check("registered", False, text, told("Rename or remove it to have this one there."))
    text = (
        told("{folder} is older than the environment; nbconvert and papermill look there.", folder=folder)
        if standing is Standing.OUTDATED
        else told("{folder} is not there yet; nbconvert and papermill look there.", folder=folder)
    )
    return Check("registered", False, text, told("It is written while a Jupyter server with envlink runs."))


def _unwanted(link: Link, registrar: Registrar) -> tuple[str, str]:
    if registrar.register == "none":
        return told("It is not registered, as c.Registrar.register is 'none'."), told(
            "Set it to 'all' to have it registered."
        )
    remedy = told("jupyter envlink attach {name}", name=link.environment.name)
    if registrar.register == "attached":
        return told("It is not registered, as c.Registrar.register is 'attached' and you have not attached it."), remedy
    return told("It is not registered, as it is not yours to write to and you have not attached it."), remedy

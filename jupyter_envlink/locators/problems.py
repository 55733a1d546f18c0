"""Why an environment is not ready, in words: what happened, where, what to do. One function per stable code."""

from __future__ import annotations

from collections.abc import Sequence

from jupyter_envlink.environment import Problem
from jupyter_envlink.sentence import joined, told


def no_kernel(prefix: str) -> Problem:
    return Problem(
        "no-kernel",
        told("{prefix} has Python, but no kernel for Jupyter.", prefix=prefix),
        told("Install a kernel into it: the package ipykernel."),
    )


def no_python(prefix: str) -> Problem:
    return Problem(
        "no-python-no-kernel",
        told("{prefix} has neither Python nor a kernel for Jupyter.", prefix=prefix),
        told(
            "Install a kernel into it: the packages python and ipykernel, or that of another language, such "
            "as r-irkernel."
        ),
    )


def python_missing(prefix: str, python: str) -> Problem:
    return Problem(
        "python-missing",
        told(
            "{prefix} records Python as installed, but {python} is gone or leads nowhere.", prefix=prefix, python=python
        ),
        told("Reinstall the package python in it, or remove the environment and create it again."),
    )


def python_gone(prefix: str, python: str) -> Problem:
    return Problem(
        "python-missing",
        told("{prefix} was made for Python, but {python} is gone.", prefix=prefix, python=python),
        told("Remove it, and create it again with the tool that made it."),
    )


def dangling_link(prefix: str, python: str, target: str) -> Problem:
    return Problem(
        "dangling-link",
        told(
            "The Python that {prefix} was made with is gone: {python} leads to {target}, which does not exist.",
            prefix=prefix,
            python=python,
            target=target,
        ),
        told("Install that Python again, or remove the environment and create it again with one that is there."),
    )


def wrong_platform(prefix: str) -> Problem:
    return Problem(
        "wrong-platform",
        told("{prefix} was made for another operating system: its Python cannot run here.", prefix=prefix),
        told("Use it where it was made, or create an environment of the same packages here."),
    )


def incomplete(prefix: str) -> Problem:
    return Problem(
        "incomplete",
        told("A program began to install packages in {prefix} and has not finished.", prefix=prefix),
        told("If it is still running, wait for it. Otherwise remove the environment and create it again."),
    )


def unfinished(prefix: str) -> Problem:
    return Problem(
        "incomplete",
        told("A program began to make {prefix} and has not finished.", prefix=prefix),
        told("If it is still running, wait for it. Otherwise remove it and create it again."),
    )


def building(prefix: str) -> Problem:
    return Problem(
        "building",
        told("{prefix} is being created.", prefix=prefix),
        told("Wait for its job to end, or cancel the job."),
    )


def unreadable(prefix: str, error: Exception) -> Problem:
    reason = (error.strerror if isinstance(error, OSError) else None) or str(error) or type(error).__name__
    return Problem(
        "unreadable",
        told("{prefix} cannot be read: {reason}.", prefix=prefix, reason=reason),
        told("Ask its owner for the right to read it, or take it out of the folders that are searched."),
    )


def unsupported_path(prefix: str) -> Problem:
    """jupyter_client replaces ``{word}`` in a kernel's command by a value of its own, and knows no escape."""
    return Problem(
        "unsupported-path",
        told("{prefix} cannot be a kernel: Jupyter would replace the word in braces in its path.", prefix=prefix),
        told("Create the environment again under a path without {{…}}."),
    )


def kernel_broken(prefix: str, faults: Sequence[str]) -> Problem:
    """``faults`` are sentences, each of which begins with the path of a file."""
    return Problem(
        "kernel-broken",
        told("{faults}.", faults=joined("; ", faults)),
        told(
            "Reinstall the package that the kernel came with (ipykernel for Python) in {prefix}, or correct the file.",
            prefix=prefix,
        ),
    )

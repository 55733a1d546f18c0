from __future__ import annotations

import pytest

from jupyter_envlink.bindings import Binding
from jupyter_envlink.environment import Environment
from jupyter_envlink.kernelspecs import link_all
from jupyter_envlink.titles import FIELDS, TEMPLATE, check_template

from .prefixes import environment, python_kernel, r_kernel


def _titles(
    *environments: Environment,
    template: str = TEMPLATE,
    own: dict[str, str] | None = None,
    foreign: tuple[str, ...] = (),
) -> dict[str, str]:
    bindings = {prefix: Binding(title=title) for prefix, title in (own or {}).items()}
    return {link.name: link.display_name for link in link_all(environments, bindings, set(), foreign, template)}


def test_every_field_says_what_it_says() -> None:
    env = environment("/home/u/miniconda3/envs/finance", kernels=(python_kernel(), r_kernel()))
    template = "|".join(f"{{{field}}}" for field in FIELDS)
    assert _titles(env, template=template) == {
        "finance": "finance|Python 3.11|Python 3 (ipykernel)|finance|miniconda3|conda",
        "finance-ir": "finance|R|R|finance-ir|miniconda3|conda",
    }


def test_a_second_kernel_of_one_language_says_its_own_title() -> None:
    env = environment("/envs/x", kernels=(python_kernel(), python_kernel(name="xpython", display_name="XPython")))
    assert _titles(env) == {"x": "x (Python 3.11)", "x-xpython": "x (XPython)"}


def test_a_template_as_nb_conda_kernels_has_it() -> None:
    assert _titles(environment("/envs/x"), template="{language} [conda env:{environment}]") == {
        "x": "Python 3.11 [conda env:x]"
    }


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("{envronment}", "unknown field {envronment}"),
        ("{environment.__class__}", "unknown field"),
        ("{environment[0]}", "unknown field"),
        ("{0}", "unknown field"),
        ("{}", "unknown field"),
        ("{environment:>99999999}", "without options"),
        ("{environment!r}", "without options"),
        ("{environment", "no template"),
        ("environment}", "no template"),
    ],
)
def test_a_template_that_cannot_be_used_is_explained(template: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        check_template(template)


@pytest.mark.parametrize("template", [TEMPLATE, "{kind}", "{language}", "{{{environment}}}"])
def test_whatever_the_template_says_no_two_are_called_the_same(template: str) -> None:
    assert check_template(template)
    prefixes = ("/home/u/miniconda3/envs/x", "/opt/conda/envs/x", "/srv/conda/envs/x", "/y")
    environments = [environment(prefix, kernels=(python_kernel(), r_kernel())) for prefix in prefixes]
    titles = _titles(*environments, template=template)
    assert len(set(titles.values())) == len(titles) == 8


def test_a_template_of_blanks_and_breaks_is_one_line() -> None:
    assert _titles(environment("/envs/a\nb"), template=" {environment}\n {kind} ") == {"a-b": "a b conda"}


def test_the_person_s_own_title_is_taken_as_it_stands() -> None:
    env = environment("/envs/finance", kernels=(python_kernel(), r_kernel()))
    assert _titles(env, own={env.prefix: "Books {environment}"}) == {
        "finance": "Books {environment}",
        "finance-ir": "Books {environment} (R)",
    }


def test_the_person_s_own_title_wins_over_another_s_default_but_is_unique_too() -> None:
    plain, titled, again = environment("/envs/a"), environment("/opt/z/envs/b"), environment("/srv/z/envs/c")
    own = {titled.prefix: "a (Python 3.11)", again.prefix: "a (Python 3.11)"}
    titles = _titles(plain, titled, again, own=own)
    assert titles["b"] == "a (Python 3.11)"
    assert len(set(titles.values())) == 3
    assert titles["c"].startswith("a (Python 3.11) [z]")
    assert _titles(titled, own=own, foreign=("a (Python 3.11)",))["b"] != "a (Python 3.11)"


def test_titles_do_not_depend_on_the_order() -> None:
    environments = [environment(f"/{n}/envs/x") for n in range(5)]
    own = {"/3/envs/x": "x (Python 3.11)"}
    assert _titles(*environments, own=own) == _titles(*reversed(environments), own=own)

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_envlink.bindings import Binding
from jupyter_envlink.environment import Environment
from jupyter_envlink.kernelspecs import Link, link_all
from jupyter_envlink.naming import main_kernel

from .prefixes import environment, python_kernel, r_kernel


def _names(
    *environments: Environment, bound: dict[str, str] | None = None, foreign: set[str] | None = None
) -> list[str]:
    bindings = {prefix: Binding(name) for prefix, name in (bound or {}).items()}
    return [link.name for link in link_all(environments, bindings, foreign or set())]


def _r_env(prefix: str) -> Environment:
    return environment(prefix, kernels=(r_kernel(prefix),), python=None, python_version=None)


def test_the_kernel_bears_the_environment_s_name() -> None:
    assert _names(environment("/envs/Finance Ü")) == ["finance-u"]


def test_of_two_with_one_name_the_second_bears_a_hash() -> None:
    first, second = environment("/a/envs/finance"), environment("/b/envs/finance")
    expected = ["finance", f"finance-{second.id[:6]}"]
    assert _names(first, second) == _names(second, first) == expected


def test_the_person_s_own_comes_first() -> None:
    shared, own = environment("/a/envs/finance", writable=False), environment("/b/envs/finance")
    assert _names(shared, own) == ["finance", f"finance-{shared.id[:6]}"]


def test_a_bound_name_stays_when_a_better_claimant_appears() -> None:
    old, new = environment("/b/envs/finance"), environment("/a/envs/finance")
    assert _names(new, old, bound={old.prefix: "finance"}) == ["finance", f"finance-{new.id[:6]}"]
    renamed = environment("/b/envs/finance", name="money")
    assert _names(renamed, bound={renamed.prefix: "finance"}) == ["finance"]


def test_a_name_bound_to_an_absent_environment_is_not_given_away() -> None:
    env = environment("/a/envs/finance")
    assert _names(env, bound={"/unmounted/finance": "finance"}) == [f"finance-{env.id[:6]}"]


@pytest.mark.parametrize("name", ["python3", "ir", "python", "Python3"])
def test_names_that_every_machine_uses_are_never_taken(name: str) -> None:
    env = environment(f"/envs/{name}")
    assert _names(env) == [f"{name.lower()}-{env.id[:6]}"]


def test_foreign_names_win_even_over_bound_ones() -> None:
    env = environment("/envs/finance")
    assert _names(env, bound={env.prefix: "finance"}, foreign={"Finance"}) == [f"finance-{env.id[:6]}"]


def test_the_python_kernel_bears_the_plain_name_others_their_own_behind_it() -> None:
    env = environment("/envs/stats", kernels=(r_kernel(), python_kernel()))
    assert _names(env) == ["stats", "stats-ir"]


def test_the_only_kernel_without_python_bears_the_plain_name() -> None:
    assert _names(_r_env("/envs/stats")) == ["stats"]


def test_python3_is_the_main_one_of_several_python_kernels() -> None:
    env = environment("/envs/x", kernels=(python_kernel(name="aaa"), python_kernel(name="python3")))
    main = main_kernel(env)
    assert main is not None
    assert main.name == "python3"
    assert _names(env) == ["x", "x-aaa"]


def test_an_environment_called_like_another_one_s_second_kernel() -> None:
    both = environment("/envs/stats", kernels=(r_kernel(), python_kernel()))
    assert _names(both, environment("/envs/stats-ir")) == ["stats", "stats-ir", f"stats-ir-{both.id}"]


def _aliases(*environments: Environment, foreign: set[str] | None = None) -> dict[str, str]:
    links: tuple[Link, ...] = link_all(environments, {}, foreign or set())
    return {alias: link.name for link in links for alias in link.aliases}


def test_old_names_resolve() -> None:
    env = environment("/envs/Finance", kernels=(r_kernel(), python_kernel()))
    found = _aliases(env, environment("/conda", name="base", is_base=True))
    assert found["conda-env-finance-py"] == "finance"
    assert found["conda-env-finance-r"] == "finance-ir"
    assert found["conda-base-py"] == "base"
    assert found[f"finance-{env.id[:6]}"] == "finance"


def test_nb_conda_kernels_names() -> None:
    odd = environment("/home/u/project/envs/Dév x", kernels=(r_kernel(), python_kernel(), python_kernel(name="Bash")))
    found = _aliases(odd, environment("/conda", name="base", is_base=True))
    assert found["conda-env-dev_x-py"] == found["conda-env-project-dev_x-py"] == "dev-x"
    assert found["conda-env-dev_x-r"] == "dev-x-ir"
    assert found["conda-env-dev_x-bash"] == "dev-x-bash"
    assert found["conda-base-py"] == found["conda-root-py"] == "base"


def test_former_names_resolve_for_each_kernel() -> None:
    env = environment("/envs/money", kernels=(r_kernel(), python_kernel()))
    links = link_all([env], {env.prefix: Binding("money", former=("cash", "finance"))}, set())
    found = {alias: link.name for link in links for alias in link.aliases}
    assert found["finance"] == found["cash"] == found["conda-env-finance-py"] == "money"
    assert found["finance-ir"] == found["conda-env-cash-r"] == "money-ir"


def test_a_former_name_never_hides_an_environment_that_bears_it_now() -> None:
    renamed, new = environment("/envs/money"), environment("/envs/finance")
    links = link_all([renamed, new], {renamed.prefix: Binding("money", former=("finance",))}, set())
    assert [link.name for link in links] == ["finance", "money"]
    assert "finance" not in links[1].aliases


def test_an_alias_shared_by_two_goes_to_the_plain_one_and_never_hides_a_name() -> None:
    first, second = environment("/a/envs/finance"), environment("/b/envs/finance")
    assert _aliases(second, first)["conda-env-finance-py"] == "finance"
    assert "conda-env-finance-py" not in _aliases(first, foreign={"conda-env-finance-py"})


@given(st.lists(st.sampled_from(["a", "A", "b", "python3", "a-ir", "ü"]), max_size=8), st.randoms())
def test_names_and_titles_are_unique_and_independent_of_order(names: list[str], chance: random.Random) -> None:
    kernels = (python_kernel(), r_kernel())
    environments = [environment(f"/{n}/envs/{name}", kernels=kernels[: 1 + n % 2]) for n, name in enumerate(names)]
    links = link_all(environments, {}, {"b"})
    assert len({link.name for link in links}) == len({link.display_name for link in links}) == len(links)
    assert not {link.name for link in links} & {"python3", "ir", "b"}
    shuffled = list(environments)
    chance.shuffle(shuffled)
    assert link_all(shuffled, {}, {"b"}) == links
    bound = {link.environment.prefix: Binding(link.base_name) for link in links}
    assert [link.name for link in link_all(shuffled, bound, {"b"})] == [link.name for link in links]

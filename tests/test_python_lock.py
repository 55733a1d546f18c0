from __future__ import annotations

import pytest

from jupyter_envlink.distributions import Distribution
from jupyter_envlink.errors import EnvlinkError
from jupyter_envlink.python_lock import Artifact, python_lock

HEAD = 'lock-version = "1.0"\ncreated-by = "uv"\n\n[[packages]]\nname = "my-tool"\nversion = "1.0"\n'
SDIST = 'sdist = { url = "https://x.example/my_tool-1.0.tar.gz", hashes = { sha256 = "00" } }\n'


def wheels(*names: str) -> str:
    listed = ", ".join(
        f'{{ url = "https://x.example/{name}", hashes = {{ sha256 = "{index}" }} }}' for index, name in enumerate(names)
    )
    return f"wheels = [{listed}]\n"


def found(text: str, *tags: str, name: str = "My.Tool") -> tuple[Artifact, ...]:
    return python_lock(HEAD + text, [Distribution(name, "1.0", {}, True, frozenset(tags))]).artifacts


def test_the_wheel_that_is_installed() -> None:
    text = SDIST + wheels(
        "my_tool-1.0-cp310-cp310-win_amd64.whl",
        "my_tool-1.0-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
    )
    (one,) = found(text, "cp311-cp311-manylinux2014_x86_64")
    assert one.url.endswith("manylinux2014_x86_64.whl")
    assert one.sha256 == "1"


def test_the_source_where_no_wheel_fits() -> None:
    (one,) = found(SDIST + wheels("my_tool-1.0-py2-none-any.whl", "odd.whl"), "py3-none-any")
    assert (one.url, one.sha256) == ("https://x.example/my_tool-1.0.tar.gz", "00")


@pytest.mark.parametrize("text", ["", 'directory = { path = "src" }\n', wheels("my_tool-1.0-py2-none-any.whl")])
def test_what_nobody_could_have(text: str) -> None:
    assert found(text, "py3-none-any") == ()


def test_one_that_is_not_in_it() -> None:
    assert found(SDIST, name="other") == ()


def test_no_secret_of_an_index_stays() -> None:
    text = HEAD + 'index = "https://me:hunter2@x.example/t/tk-1/simple"\n'
    text += 'sdist = { url = "https://me:hunter2@x.example/a.tar.gz?token=s3cr3t", hashes = { sha256 = "00" } }\n'
    lock = python_lock(text, [Distribution("my-tool", "1.0", {}, True)])
    assert lock.artifacts[0].url == "https://x.example/a.tar.gz"
    assert lock.text.count("https://x.example/") == 2
    assert not [secret for secret in ("me:", "hunter2", "tk-1", "s3cr3t") if secret in lock.text]


@pytest.mark.parametrize("text", ["[", "packages = 1", "packages = [1]", '[[packages]]\nversion = "1"\n'])
def test_what_is_none(text: str) -> None:
    with pytest.raises(EnvlinkError, match=r"pylock\.toml"):
        python_lock(text, [])

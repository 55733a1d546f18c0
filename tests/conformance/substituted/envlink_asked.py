"""A pytest plugin: no test of others passes here without our manager having been in the place of Jupyter's."""

from __future__ import annotations

import jupyter_client.kernelspec
import pytest

from jupyter_envlink.manager import EnvlinkKernelSpecManager


@pytest.fixture(autouse=True)
def our_manager_is_asked(request: pytest.FixtureRequest) -> None:
    assert jupyter_client.kernelspec.KernelSpecManager is EnvlinkKernelSpecManager
    if "jp_serverapp" in request.fixturenames:
        assert type(request.getfixturevalue("jp_serverapp").kernel_spec_manager) is EnvlinkKernelSpecManager

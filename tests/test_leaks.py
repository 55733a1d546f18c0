"""What belongs to the server's own environment is taken from a kernel's; everything else is left."""

from __future__ import annotations

import os
import sys
from typing import Any

from jupyter_envlink.activation import BLANK, bin_dirs
from jupyter_envlink.leaks import PROVISIONER, path_without, without_leaks

SPEC: dict[str, Any] = {
    "argv": ["/envs/a/bin/python"],
    "env": {**BLANK, "CONDA_PREFIX": "/envs/a", "PROJ_DATA": "/envs/a/share/proj", "PATH": "/envs/a/bin:${PATH}"},
    "metadata": {"debugger": True},
}
SERVER = {
    "CONDA_PREFIX": "/server",
    "GDAL_DATA": "/server/share/gdal",
    "PROJ_DATA": "/server/share/proj",
    "SSL_CERT_FILE": "/server/ssl/cacert.pem",
    "PATH": "/server/bin",
}


def removed(environ: dict[str, str]) -> set[str]:
    found = without_leaks(SPEC, "/envs/a", SERVER, environ)
    return set(found["metadata"]["kernel_provisioner"]["config"]["variables"])


def test_what_a_spec_can_only_empty_is_removed() -> None:
    found = without_leaks(SPEC, "/envs/a", {}, {})

    assert found["env"] == {name: SPEC["env"][name] for name in ("CONDA_PREFIX", "PROJ_DATA", "PATH")}
    assert found["metadata"]["kernel_provisioner"]["provisioner_name"] == PROVISIONER
    assert found["metadata"]["debugger"]
    assert removed({}) == BLANK.keys() - {"CONDA_PREFIX"}
    assert "kernel_provisioner" not in SPEC["metadata"]


def test_what_the_server_s_activation_has_set_is_removed_and_nobody_else_s() -> None:
    person = {**SERVER, "SSL_CERT_FILE": "/etc/company.pem", "HOME": "/home/ada"}

    assert removed(person) - BLANK.keys() == {"GDAL_DATA"}, "PROJ_DATA is set by the kernel's, the rest is the person's"


def test_a_kernel_of_the_server_s_own_environment_keeps_all() -> None:
    assert without_leaks(SPEC, os.path.realpath(sys.prefix), SERVER, dict(SERVER)) == SPEC


def test_a_kernel_with_a_provisioner_of_its_own_keeps_it() -> None:
    own = {**SPEC, "metadata": {"kernel_provisioner": {"provisioner_name": "slurm"}}}

    assert without_leaks(own, "/envs/a", SERVER, dict(SERVER)) == own


def test_the_server_s_programs_leave_the_path() -> None:
    config = without_leaks(SPEC, "/envs/a", {}, {})["metadata"]["kernel_provisioner"]["config"]
    (server,) = bin_dirs(sys.prefix, "linux")
    is_activated = sys.prefix != sys.base_prefix or os.path.isdir(os.path.join(sys.prefix, "conda-meta"))

    if sys.platform != "win32":
        assert (server in config["folders"]) == is_activated


def test_a_folder_is_replaced_wherever_it_stands() -> None:
    path = os.pathsep.join(["/envs/a/bin", "/base/bin", "/usr/bin", "/base/bin", "/usr/bin"])

    assert path_without(path, {os.path.normcase("/base/bin"): "/base/condabin"}).split(os.pathsep) == [
        "/envs/a/bin",
        "/base/condabin",
        "/usr/bin",
    ]
    assert path_without(path, {os.path.normcase("/base/bin"): ""}).split(os.pathsep) == ["/envs/a/bin", "/usr/bin"]

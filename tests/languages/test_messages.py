"""The Jupyter project's own test of a kernel's messages, for a kernel of each kind and language, by our name for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import jupyter_kernel_test
import pytest
from jupyter_client.manager import KernelManager

from jupyter_envlink.manager import EnvlinkKernelSpecManager

from .fixtures import Region, available
from .samples import PYENV, SAMPLES
from .talking import SECONDS

pytestmark = pytest.mark.slow


@pytest.fixture(scope="class", autouse=True)
def started(request: pytest.FixtureRequest, region: Region, offered: EnvlinkKernelSpecManager) -> Iterator[None]:
    """The class's kernel, found by our manager."""
    cls: Any = request.cls
    sample = available(next(each for each in SAMPLES if each.name == cls.kernel_name), region)
    file = region.machine.home / f"{sample.name}.json"
    cls.km = KernelManager(kernel_name=sample.name, kernel_spec_manager=offered, connection_file=str(file))
    cls.km.start_kernel(env=dict(region.environ))
    cls.kc = cls.km.client()
    cls.kc.start_channels()
    try:
        cls.kc.wait_for_ready(timeout=SECONDS)
        yield
    finally:
        cls.kc.stop_channels()
        cls.km.shutdown_kernel()


class Offered:
    """Mixed into ``KernelTests``, whose own ``setUpClass`` would start what Jupyter's manager finds."""

    kc: Any
    kernel_name = ""
    language_name = ""

    @classmethod
    def setUpClass(cls) -> None: ...

    @classmethod
    def tearDownClass(cls) -> None: ...

    def execute_helper(self, *arguments: Any, **options: Any) -> Any:
        """Theirs waits a tenth of a second for each output: too short for a machine that has much to do."""
        channel = self.kc.iopub_channel
        get = jupyter_kernel_test.ensure_sync(channel.get_msg)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(channel, "get_msg", lambda timeout: get(timeout=max(timeout, SECONDS)))
            return super().execute_helper(*arguments, **options)


class Python(Offered):
    """What every kernel of Python promises."""

    language_name = "python"
    file_extension = ".py"
    code_hello_world = "print('hello, world')"
    code_stderr = "import sys; print('test', file=sys.stderr)"
    completion_samples = [{"text": "zi", "matches": {"zip"}}]
    complete_code_samples = ["1", "print('hello, world')"]
    incomplete_code_samples = ["print('''hello", "def f(x):\n  x*2"]
    invalid_code_samples = ["import = 7q"]
    code_page_something = "zip?"
    code_generate_error = "raise"
    code_execute_result = [{"code": "6*7", "result": "42"}]
    code_display_data = [
        {"code": "from IPython.display import HTML, display; display(HTML('<b>t</b>'))", "mime": "text/html"}
    ]
    code_inspect_sample = "open"
    code_clear_output = "from IPython.display import clear_output; clear_output()"


class IPython(Python):
    """What ipykernel promises."""

    complete_code_samples = [*Python.complete_code_samples, "def f(x):\n  return x*2\n\n\n"]
    code_execute_result = [
        {"code": "1+2+3", "result": "6"},
        {"code": "[n*n for n in range(1, 4)]", "result": "[1, 4, 9]"},
    ]
    code_history_pattern = "1?2*"
    supported_history_operations = ("tail", "search")  # as Jupyter tests ipykernel


class TestConda(IPython, jupyter_kernel_test.KernelTests):
    kernel_name = "science"


class TestUv(IPython, jupyter_kernel_test.KernelTests):
    kernel_name = "shell"


class TestPixi(IPython, jupyter_kernel_test.KernelTests):
    kernel_name = "tide"


class TestPyenv(IPython, jupyter_kernel_test.KernelTests):
    kernel_name = PYENV


class TestAsync(IPython, jupyter_kernel_test.KernelTests):
    """async-kernel 0.23 shows what is to be paged in a message of a shape of its own, and finds no last lines."""

    test_pager = None
    supported_history_operations = ("search",)
    kernel_name = "tasks"


class TestXeus(Python, jupyter_kernel_test.KernelTests):
    kernel_name = "numeric"


class R(Offered):
    """IRkernel keeps no history, clears no output, and displays its results."""

    test_history = test_clear_output = test_execute_result = None

    language_name = "R"
    file_extension = ".r"
    code_hello_world = 'cat("hello, world\n")'
    code_stderr = 'message("test")'
    completion_samples = [{"text": "zi", "matches": {"zip"}}]
    complete_code_samples = ["1", "f <- function(x) x*2"]
    incomplete_code_samples = ["f <- function(x) {", '"hello']
    invalid_code_samples = ["f <- 7q + )"]
    code_page_something = "?cat"
    code_generate_error = "stop('x')"
    code_display_data = [{"code": '"a"', "mime": "text/html"}, {"code": "1:3", "mime": "text/plain"}]
    code_inspect_sample = "cat"


class TestRBesidePython(R, jupyter_kernel_test.KernelTests):
    kernel_name = "science-ir"


class TestRAlone(R, jupyter_kernel_test.KernelTests):
    kernel_name = "stats"


class TestBash(Offered, jupyter_kernel_test.KernelTests):
    """bash has one output, and neither a pager nor results, displays, inspection or a way to tell what is complete."""

    test_history = test_clear_output = test_execute_result = test_execute_stderr = None
    test_pager = test_display_data = test_inspect = test_is_complete = None
    kernel_name = "shell-bash"
    language_name = "bash"
    file_extension = ".sh"
    code_hello_world = "echo 'hello, world'"
    completion_samples = [{"text": "readon", "matches": {"readonly"}}]
    code_generate_error = "false"

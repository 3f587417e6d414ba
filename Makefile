# make run    start the wiki at http://127.0.0.1:8000, with its data in ./data
# make test   check everything
#
# Both set up what is missing first, in this folder only; the rest serves these two.

PYTHON ?= python3
BIN := .venv/bin
export PATH := $(CURDIR)/$(BIN):$(PATH)
export PIP_DISABLE_PIP_VERSION_CHECK := 1
PIP := $(BIN)/python -m pip install --quiet
PYTEST := $(BIN)/python -m pytest --numprocesses 2 --dist loadfile

DEMO := server/static/index.html
DEMO_PACKAGES := client_demo/node_modules/.package-lock.json
DEMO_SOURCES := $(shell find client_demo -name node_modules -prune -o -type f -print)

run: .venv/ready $(DEMO)
	$(BIN)/palimpsest serve

test: check-python check-demo wheel
	.ci/browser
	.ci/redis
	$(PYTEST) tests/crdt --cov crdt --cov-branch --cov-fail-under 100
	$(PYTEST) --ignore tests/crdt

check-python: .venv/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

check-demo: $(DEMO_PACKAGES)
	cd client_demo && npm run check && npm test

wheel: .venv/ready $(DEMO)
	rm -rf dist
	$(BIN)/python -m build --wheel --no-isolation

.venv/ready: requirements.lock pyproject.toml .ci/node
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo 'Palimpsest needs Python 3.11 or newer: make PYTHON=/path/to/it' >&2; exit 1; }
	$(PYTHON) -m venv .venv
	$(PIP) --upgrade pip
	$(PIP) --require-hashes --requirement requirements.lock
	$(PIP) --no-deps --no-build-isolation --editable .
	.ci/node
	touch $@

$(DEMO_PACKAGES): client_demo/package-lock.json .venv/ready
	cd client_demo && npm ci
	touch $@

$(DEMO): $(DEMO_PACKAGES) $(DEMO_SOURCES)
	cd client_demo && npm run build
	touch $@

# Pins what pyproject.toml asks for, for every system and every version of Python.
lock: .venv/ready
	$(PIP) uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest \
		--generate-hashes --no-annotate --custom-compile-command 'make lock' --group dev pyproject.toml \
		--output-file requirements.lock

.PHONY: run test check-python check-demo wheel lock

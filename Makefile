# Two commands do for a start: `make build` and `make test`. CONTRIBUTING.md explains the others.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: build test preview check held-out bench bench-preview format lint types web lock clean

build: $(VENV)/installed  ## Publish the site from content/ into public/.
	$(BIN)/digest build

test: $(VENV)/installed-dev  ## Run the tests.
	$(BIN)/python -m pytest -n auto --dist worksteal

preview: $(VENV)/installed  ## Serve the site with live reload.
	$(BIN)/digest preview

check: lint types test  ## Everything that must hold before a change lands.

lint: $(VENV)/installed-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(VENV)/installed-dev
	$(BIN)/mypy

format: $(VENV)/installed-dev  ## Bring the code into form.
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

web: $(VENV)/installed-dev build  ## Check the published HTML: Nu and axe; needs Java, Node.js, Chromium.
	cd tests/web && npm ci
	$(BIN)/python tests/web/check.py public

# docs/benchmarks.md lists what can be set.
SIZES ?= 1000 10000
RUNS ?= 3
SLOW_RUNS ?= 1
PEERS ?= hugo hugo-sentences pelican eleventy

bench: $(VENV)/installed-dev  ## Measure builds of generated corpora, beside other generators.
	$(BIN)/python -m benchmarks --sizes $(SIZES) --runs $(RUNS) --slow-runs $(SLOW_RUNS) --peers $(PEERS) $(BENCH)

bench-preview: $(VENV)/installed-dev  ## Measure the preview from the save to the page.
	$(BIN)/python -m benchmarks.preview

# Folders of Markdown that was written for something else.
CORPUS ?= docs
ROUNDS ?= 30

held-out: $(VENV)/installed-dev  ## Edit a site of other people's texts at random, and compare with clean builds.
	cd tests && ../$(BIN)/python -m held_out $(abspath $(CORPUS)) --rounds $(ROUNDS) $(HELD_OUT)

lock: $(VENV)/installed-dev  ## Pin the dependencies anew, with their hashes.
	$(PIP) install uv
	$(BIN)/uv pip compile pyproject.toml --extra install --universal --python-version 3.11 \
	  --generate-hashes --no-header --no-annotate --no-emit-index-url --upgrade -q -o requirements.lock
	$(BIN)/uv pip compile pyproject.toml --extra install --extra dev --universal --python-version 3.11 \
	  --generate-hashes --no-header --no-annotate --no-emit-index-url --upgrade -q -o requirements-dev.lock

clean:  ## Remove all that is generated.
	rm -rf $(VENV) public .digest benchmarks/.peers

$(VENV)/installed: requirements.lock pyproject.toml
	# What was made with one Python can't be made anew over it with another.
	$(BIN)/python -c '' 2>/dev/null || $(PYTHON) -m venv --clear $(VENV)
	$(PIP) install --require-hashes -r requirements.lock
	$(PIP) install --no-deps --no-build-isolation -e .
	# Packages are compiled when they are installed; a checkout is not, and may never be by some settings.
	$(BIN)/python -m compileall -q builder
	touch $@

$(VENV)/installed-dev: $(VENV)/installed requirements-dev.lock
	$(PIP) install --require-hashes -r requirements-dev.lock
	touch $@

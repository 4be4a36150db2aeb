# Two commands do all the set-up: `make run` and `make test`. `make help` lists the rest.
PYTHON ?= python3
PORT ?= 8501
VENV := .venv
BIN := $(VENV)/bin
DUCKDB2 := .venv-duckdb2
export DUEWATCH_BOOKS ?= data/books

.DEFAULT_GOAL := help
.PHONY: help run demo test test-slow test-duckdb2 check lint types sql imports docs lock bench clean browser

help: ## List what can be made
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

run: $(VENV)/.run-ready ## Set up, build a demo book if there is none, start the app on 127.0.0.1:$$PORT
	@test -f "$(DUEWATCH_BOOKS)/CURRENT" || $(MAKE) --no-print-directory demo
	$(BIN)/python -m duewatch run --port $(PORT)

demo: $(VENV)/.run-ready ## Write the demo source files to data/demo and build a book from them
	$(BIN)/python -m duewatch demo --out data/demo
	$(BIN)/python -m duewatch ingest data/demo --books "$(DUEWATCH_BOOKS)"

test: $(VENV)/.dev-ready browser ## Set up and run the tests
	$(BIN)/python -m pytest -n 2 --dist worksteal -m "not slow" -q

test-slow: $(VENV)/.dev-ready ## The tests that take minutes, and every example of the drawn ones
	DUEWATCH_DRAWS=all $(BIN)/python -m pytest -n 2 --dist worksteal -m "slow or hypothesis" -q --timeout 1800

test-duckdb2: $(DUCKDB2)/.ready ## The same core tests on DuckDB 2.0.0
	$(DUCKDB2)/bin/python -c "import duckdb; assert duckdb.__version__.startswith('2.'), duckdb.__version__"
	$(DUCKDB2)/bin/python -m pytest -n 2 --dist worksteal -m "not slow and not browser" -q

check: lint types sql imports test ## Everything a change must pass

lint: $(VENV)/.dev-ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev-ready
	$(BIN)/mypy

sql: $(VENV)/.dev-ready
	$(BIN)/sqlfluff lint queries --processes 2 -q

imports: $(VENV)/.dev-ready
	$(BIN)/lint-imports --no-logo

docs: $(VENV)/.dev-ready ## Write the generated pages under docs/ and the reads anew
	$(BIN)/python -m duewatch.engines.reads_module > .reads.new && mv .reads.new duewatch/reads.py
	$(BIN)/python -m duewatch.contract.data_dictionary > docs/data-dictionary.md
	$(BIN)/python -m duewatch.contract.settings_page > docs/settings.md
	$(BIN)/python -m duewatch.ingest.file_schemas
	$(BIN)/python -m duewatch.sources.mapping_keys > docs/mapping-keys.md
	$(BIN)/python -m duewatch.engines.query_catalogue > docs/queries.md
	$(BIN)/python -m duewatch.metrics.definitions > docs/definitions.md
	$(BIN)/python -m duewatch.compliance.template_coverage > docs/template-coverage.md

bench: $(VENV)/.dev-ready ## Load rates and page times beside their peers, in one run
	$(BIN)/python bench/load_contacts.py
	$(BIN)/python bench/public_shapes.py
	$(BIN)/python bench/audit.py
	$(BIN)/python bench/pages.py
	$(BIN)/python bench/whatif.py

lock: $(VENV)/.uv ## Compile requirements*.in to requirements*.txt, with hashes and without addresses
	for name in requirements requirements-dev; do \
	  $(VENV)/uv/bin/uv pip compile $$name.in --universal --python-version 3.11 --generate-hashes \
	    --no-emit-index-url --no-header -q -o $$name.txt; done
	$(VENV)/uv/bin/uv pip compile requirements-dev.in --override requirements-duckdb2.in --universal \
	  --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q -o requirements-duckdb2.txt

clean: ## Remove environments and caches (books stay)
	rm -rf $(VENV) $(DUCKDB2) .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

# A browser for tests/browser. Where none can be installed those tests skip and say why.
browser:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || \
	  { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get update -qq && \
	    apt-get install -y -qq chromium fonts-noto-cjk >/dev/null; } || \
	  echo "No Chromium here and none could be installed: the browser tests will be skipped."

$(VENV)/.created:
	$(PYTHON) -c 'import sys; sys.exit("Duewatch needs Python 3.11 or newer; this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.run-ready: $(VENV)/.created requirements.txt
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(VENV)/.dev-ready: $(VENV)/.created requirements-dev.txt
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $(VENV)/.run-ready $@

$(VENV)/.uv: $(VENV)/.created
	$(PYTHON) -m venv $(VENV)/uv
	$(VENV)/uv/bin/python -m pip install -q uv==0.13.9
	@touch $@

$(DUCKDB2)/.ready: requirements-duckdb2.txt
	$(PYTHON) -m venv $(DUCKDB2)
	$(DUCKDB2)/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-duckdb2.txt
	@touch $@

# Needs Python 3.11 or newer, git and make; everything else comes into .venv, frontend/node_modules and var.
# Each step leaves a mark and is passed over while what it came from is unchanged.

.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help run test test-unit check format bench lighthouse photos pictures clean ready ready-test front-end browser

PORT ?= 8000
JOBS ?= 2
export PORT
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_ROOT_USER_ACTION := ignore
export PIP_NO_INPUT := 1

BIN := .venv/bin
PIP := $(BIN)/pip install -qq --require-hashes
WORDS := src/linli/locale/zh_Hans/LC_MESSAGES/django
PYTEST := $(BIN)/pytest -n $(JOBS) --dist loadgroup
# Needs no server: with none to ask, Django only warns that it could not look at the history.
MIGRATIONS := LINLI_DATA=build/check DATABASE_URL=postgresql://127.0.0.1:1/none DJANGO_SETTINGS_MODULE=linli.config.settings.test \
  $(BIN)/python -W ignore::RuntimeWarning -m django makemigrations --check --dry-run
PYTHONS := python3 python3.14 python3.13 python3.12 python3.11

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ready ## everything needed, then Linli with the demo district on http://127.0.0.1:8000 (PORT= for another)
	@exec $(BIN)/linli up

test: ready-test browser ## everything needed, then the whole suite, browser journeys included
	@$(PYTEST)

test-unit: ready-test ## the suite without the browser and without what takes long
	@$(PYTEST) -m "not browser and not slow"

check: ready-test ## lint, types, import contract, translations, migrations, locks
	@$(BIN)/ruff format --check . > build/format.txt || { grep -e '-->' build/format.txt; echo "run: make format"; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/lint-imports --config importlinter.toml --no-logo > build/imports.txt || { cat build/imports.txt; exit 1; }
	@$(BIN)/python tools/messages --check
	@$(MIGRATIONS) > build/migrations.txt || { cat build/migrations.txt; echo "models and migrations differ"; exit 1; }
	@$(BIN)/python tools/frontend --check
	@$(BIN)/python tools/lock --check
	@echo "make check: all well"

format: .venv/.dev ## write the code as ruff formats it
	@$(BIN)/ruff check --quiet --fix-only .
	@$(BIN)/ruff format --quiet .

bench: ready-test browser ## the benchmarks: one table, and build/bench.json
	@$(BIN)/python -m tests.benchmarks

fuzz: ready-test ## files made up to break the importers, for FUZZ_SECONDS (300); needs atheris, else it says so
	@LINLI_DATA=build/check DATABASE_URL=postgresql://127.0.0.1:1/none nice -n 19 $(BIN)/python -W ignore -m tests.fuzz

lighthouse: ready-test browser ## Lighthouse over four pages: one table; fetches it once (190 MB), needs Node with npm
	@$(BIN)/python -m tests.lighthouse

photos: .venv/.run ## the reader that finds numbers of people on photos (some 300 MB); Linli runs without it
	@$(PIP) -r requirements/photos.lock

pictures: ready-test browser ## the pictures of docs/user, taken anew
	@$(BIN)/python -m tests.journeys.pictures

clean: ## take away what was built, fetched and cached; var (the data) stays
	@rm -rf .venv build frontend/node_modules tests/lighthouse/node_modules src/linli/edges/web/static/built $(WORDS).mo
	@rm -rf .mypy_cache .ruff_cache .import_linter_cache .pytest_cache .hypothesis
	@find src tests tools -name __pycache__ -type d -prune -exec rm -rf {} +

ready: .venv/.run .venv/.linli $(WORDS).mo front-end
ready-test: .venv/.dev .venv/.linli $(WORDS).mo front-end
	@mkdir -p build

$(BIN)/python:
	@for each in $(PYTHONS); do \
	  if $$each -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found=$$each; break; fi; \
	done; \
	if [ -z "$${found-}" ]; then \
	  echo "Linli needs Python 3.11 or newer; here python3 is $$(python3 --version 2>&1 || true)" >&2; exit 2; \
	fi; \
	echo "making .venv with $$($$found --version)"; \
	$$found -m venv --clear .venv >/dev/null || { \
	  rm -rf .venv; echo "$$found can't make environments: on Debian and Ubuntu, apt-get install python3-venv" >&2; exit 2; }

.venv/.run: requirements/run.lock | $(BIN)/python
	@echo "fetching packages (run.lock)"
	@$(PIP) -r $<
	@touch $@

.venv/.node: requirements/node.lock | $(BIN)/python
	@echo "no Node here that can build the front end: fetching one (node.lock)"
	@$(PIP) -r $<
	@touch $@

.venv/.dev: requirements/dev.lock | $(BIN)/python
	@echo "fetching packages (dev.lock)"
	@$(PIP) -r $<
	@touch $@ .venv/.run .venv/.node

# dev.lock holds all of run.lock and marks it as done.
.venv/.linli: pyproject.toml | .venv/.run
	@$(BIN)/pip install -qq --no-deps --no-build-isolation --editable .
	@touch $@

%.mo: %.po | .venv/.linli
	@$(BIN)/python tools/messages --compile

front-end: | .venv/.linli
	@$(BIN)/python tools/frontend --able || $(MAKE) .venv/.node
	@$(BIN)/python tools/frontend

browser:
	@scripts/system-packages

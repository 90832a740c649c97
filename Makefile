# The two commands of the README are `make demo` and `make test`. Everything is set up in .venv; nothing needs root.

.DEFAULT_GOAL := help
.PHONY: help setup demo test validate lint lock benchmarks clean

VENV := .venv
RUN := $(VENV)/bin
PIP := $(RUN)/python -m pip install --quiet --disable-pip-version-check
# the first Python of at least 3.11
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { echo $$p; break; }; done)

help: ## what can be made
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1|/' | column -t -s '|'

$(VENV)/run: requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "insource needs Python 3.11 or later; none was found. Install it, or say make PYTHON=/path/to/python"; exit 1; }
	@echo "Setting up .venv with locked dependencies (half a minute to a minute, once)"
	@$(PYTHON) -m venv $(VENV) || { echo "Python could not make a virtual environment. On Debian or Ubuntu: apt install python3-venv"; exit 1; }
	@$(PIP) --require-hashes -r requirements.lock
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/ready: $(VENV)/run requirements-dev.lock
	@echo "Adding what the tests need to .venv (half a minute, once)"
	@$(PIP) --require-hashes -r requirements-dev.lock
	@touch $@

setup: $(VENV)/ready ## set up .venv, for work on the code too

demo: ## the example council: write, check, compare, report
	@echo "insource demo: three to five minutes the first time (setting up, compiling, comparing), about one after that"
	@$(MAKE) --no-print-directory $(VENV)/run
	@$(RUN)/insource example demo/council --people 1000 --seed 1 --overwrite
	@$(RUN)/insource check demo/council
	@$(RUN)/insource compare demo/council --models status_quo in_house --years 5 --draws 100 --seed 1 --out demo/result --overwrite
	@echo "Next: open demo/result/report.html in a browser. With your own files: $(RUN)/insource place new FOLDER (see README)"

test: $(VENV)/ready ## the tests (about a quarter of an hour on two processors)
	@$(RUN)/ruff check src tests benchmarks
	@$(RUN)/ruff format --check src tests benchmarks
	@$(RUN)/mypy
	@$(RUN)/lint-imports
	@echo "Compiling the engine on all processors (a minute or two, once for each version)"
	@$(RUN)/python -m insource.warm
	@$(RUN)/python -m pytest tests -n auto --dist worksteal

validate: $(VENV)/ready ## published figures against the model, one by one
	@$(RUN)/python -m pytest tests/validate -v
	@$(RUN)/insource claim all --planted

benchmarks: $(VENV)/ready ## speed, memory, and named peers on the same day
	@$(PIP) --require-hashes -r requirements-bench.lock
	@$(RUN)/python -m benchmarks

lint: $(VENV)/ready ## put the code into shape
	@$(RUN)/ruff check --fix src tests benchmarks
	@$(RUN)/ruff format src tests benchmarks

lock: ## write the lock files again (needs uv)
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --extra build pyproject.toml -o requirements.lock
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --extra dev pyproject.toml -o requirements-dev.lock
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --extra dev --extra bench -c requirements-dev.lock pyproject.toml -o requirements-bench.lock

clean: ## remove what was set up and made
	rm -rf $(VENV) demo build

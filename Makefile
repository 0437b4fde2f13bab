# Everything sets itself up: Python 3.11 or newer, git and make are all that is needed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUN := $(VENV)/.run-installed
DEV := $(VENV)/.dev-installed
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
# Set to a version to install with that pip instead of the one that Python brings; CI takes the oldest.
PIP_VERSION ?=
OLDEST_PIP := 22.3
WORKERS ?= auto
# Ruff has these rules too, and each place says why it breaks them.
ARGUED := B104,B108,B608,B704
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-emit-index-url --no-emit-find-links --no-emit-package pip --no-header --upgrade

.PHONY: help setup demo test crash attack mutants check bench format docs lock new-platform new-command release-check dist clean oldest-pip

help:  ## Say what can be made
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

setup: $(DEV)  ## Make .venv, with everything that tests and checks need

demo: $(RUN)  ## Try Milepost on a local web page
	@$(BIN)/python -m milepost demo $(ARGS)

test: $(DEV)  ## Run all tests: about half an hour on two cores; ARGS="tests/bot -k quiz" runs a part
	@echo "Running all tests: about half an hour on two cores. Each dot below is one test."
	$(BIN)/python -m pytest -n $(WORKERS) --cov --cov-report=term:skip-covered $(ARGS)

crash: $(DEV)  ## Kill Milepost 300 times on each database; 10,000 groups; 10,000 lives; ten years in every time zone; a month of 300 learners
	CRASH_KILLS=300 $(BIN)/python -m pytest -s -o faulthandler_timeout=0 tests/endtoend/test_crash.py $(ARGS)
	CITY=10000 $(BIN)/python -m pytest -s -o faulthandler_timeout=0 tests/faults/test_many_groups.py
	LIVES=10000 $(BIN)/python -m pytest -s -o faulthandler_timeout=0 tests/bot/domain/streaks/test_replay.py
	EVERY_ZONE=1 $(BIN)/python -m pytest -s -o faulthandler_timeout=0 tests/bot/services/test_planning_every_date.py
	MONTH_LEARNERS=300 $(BIN)/python -m pytest -s -o faulthandler_timeout=0 tests/endtoend/test_month.py

attack: $(DEV)  ## Attack Milepost on this machine alone: forged ids, floods, slow requests, hostile packs and files
	@$(BIN)/python -m tests.attack $(ARGS)

mutants: $(DEV)  ## Change the shown code of every question of the shipped packs: its proof must notice it
	@$(BIN)/python -m milepost content check backend-python --self-test $(ARGS)
	@$(BIN)/python -m milepost content check git-and-shell --self-test $(ARGS)

check: $(DEV)  ## Format, lint, types, import rules, docs in step with code, advisories and licences
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python docs/tables.py --check
	$(BIN)/python docs/texts.py --check
	$(BIN)/python requirements/check.py
	$(BIN)/bandit --quiet --severity-level medium --skip $(ARGUED) --recursive bot milepost content storage adapters
	$(BIN)/python requirements/audit.py

bench: $(DEV)  ## Measure every figure that docs/benchmarks.md states
	$(BIN)/python -m bench $(ARGS)

format: $(DEV)  ## Put the code in form
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: $(DEV)  ## Make the tables in docs/ and docs/texts.md from the code
	$(BIN)/python docs/tables.py
	$(BIN)/python docs/texts.py

lock: $(DEV)  ## Choose dependency versions anew, with their hashes
	$(LOCK) --extra install -o requirements/run.txt pyproject.toml
	$(LOCK) --extra dev --extra proofs --extra install -o requirements/dev.txt pyproject.toml

new-platform: $(DEV)  ## Write a platform that passes every check: make new-platform NAME=matrix
	@$(BIN)/python -m tools.new platform "$(NAME)"

new-command: $(DEV)  ## Write a command with its view and test: make new-command NAME=hello
	@$(BIN)/python -m tools.new command "$(NAME)"

release-check: $(DEV)  ## Say whether this commit can be released, and if not, why
	$(BIN)/python -m tools.release check

dist: $(DEV)  ## Build the sdist and the wheel into dist/, look into them and try the wheel
	$(BIN)/python -m tools.release dist

oldest-pip:
	@echo $(OLDEST_PIP)

clean:  ## Remove what was made
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .coverage* htmlcov

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Milepost needs Python 3.11 or newer; try: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "Python's venv module is missing; on Debian and Ubuntu: apt install python3-venv"; exit 1; }
	@if [ -n "$(PIP_VERSION)" ]; then $(PIP) pip==$(PIP_VERSION); fi

$(RUN): requirements/run.txt | $(BIN)/python
	@echo "Installing Milepost and its libraries into $(VENV) (first time only): one to three minutes..."
	@$(PIP) --require-hashes --requirement requirements/run.txt
	@$(PIP) --no-deps --no-build-isolation --editable .
	@echo "Installed."
	@touch $@

$(DEV): requirements/dev.txt | $(BIN)/python
	@echo "Installing Milepost, its libraries and the test tools into $(VENV) (first time only): two to five minutes..."
	@$(PIP) --require-hashes --requirement requirements/dev.txt
	@$(PIP) --no-deps --no-build-isolation --editable .
	@echo "Installed."
	@touch $@ $(RUN)

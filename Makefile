# `make demo` and `make test` are all the set-up there is; each says what it does.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
SHARED := ../shared

.DEFAULT_GOAL := help
.PHONY: help demo test lint quality bench clean

help:  ## say what the targets are for
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

demo: $(VENV)/.run  ## environment, LanguageTool, then the whole pipeline on seeds/
	$(BIN)/scrub run seeds -o out
	@echo "Open out/report.html, or look at out/dedup.csv and out/flags.csv."

test: $(VENV)/.dev  ## everything that needs nothing but this checkout
	$(BIN)/python -m pytest

lint: $(VENV)/.dev  ## ruff and mypy over everything
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

quality: $(VENV)/.dev  ## the quality floors, on the labelled data in $(SHARED)
	$(BIN)/python -m pytest -m shared

bench: $(VENV)/.dev  ## time and quality against the peers, into bench/results/
	$(BIN)/python bench/run.py

clean:  ## remove the environment and what runs wrote
	rm -rf $(VENV) bench/.venv out/* .mypy_cache .pytest_cache .ruff_cache

$(VENV)/bin/python:
	@echo "== making the environment in $(VENV)"
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: $(VENV)/bin/python pyproject.toml
	@echo "== installing scrub and what it needs from the package index"
	$(BIN)/python -m pip install --quiet --editable .
	@echo "== fetching LanguageTool (once; kept in the user's cache)"
	$(BIN)/scrub setup
	@touch $@

$(VENV)/.dev: $(VENV)/.run
	@echo "== installing what the tests need"
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	@touch $@

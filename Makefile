# One word for each chore; what stands below it is the plain command. CONTRIBUTING.md tells when which is for.
# `make BIN=/some/venv/bin test` takes the tools of another environment.
BIN ?= .venv/bin
SERVED = --extra spss --extra models --extra slides --extra word --extra centres --extra server
COMPILE = uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --quiet

.PHONY: setup run test numbers pages browser film thorough lint format types bench pins ci

setup:
	python3 -m venv .venv && .venv/bin/pip install '.[dev]'

run:
	$(BIN)/streamlit run app.py

test:
	$(BIN)/pytest

numbers:
	$(BIN)/pytest tests/analysis

pages:
	$(BIN)/pytest tests/pages

browser:
	BROWSER_TESTS=required $(BIN)/pytest tests/browser

film:
	FILM=docs/what_if.gif BROWSER_TESTS=required $(BIN)/pytest --numprocesses=0 tests/browser/test_film.py

thorough:
	$(BIN)/pytest --hypothesis-profile=thorough tests/analysis

lint:
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/lint-imports

format:
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

types:
	$(BIN)/mypy

bench:
	$(BIN)/python -m tests.benchmarks

# After a change of the versions that pyproject.toml allows, or with UPGRADE=--upgrade for newer ones. The second list
# is that of the tests without what is in the first.
pins:
	$(COMPILE) $(UPGRADE) $(SERVED) pyproject.toml --output-file deploy/requirements.txt
	$(COMPILE) $(UPGRADE) --all-extras --constraint deploy/requirements.txt \
	    $$(sed -n 's/^\([a-z0-9.-]*\)==.*/--no-emit-package \1/p' deploy/requirements.txt) \
	    pyproject.toml --output-file constraints.txt
	(echo '-r deploy/requirements.txt' && cat constraints.txt) >constraints.new && mv constraints.new constraints.txt

ci:
	.ci/run

# make run: everything from a fresh clone to the app in the browser. make test: everything a test needs, then all tests.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test lint types layout clean
.DEFAULT_GOAL := run

$(VENV)/.app: requirements.txt .ci/constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

$(VENV)/.tests: $(VENV)/.app tests/requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r tests/requirements.txt
	touch $@

run: $(VENV)/.app
	$(BIN)/python -m library sync
	$(BIN)/python -m streamlit run app.py

test: $(VENV)/.tests
	$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

lint: $(VENV)/.tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.tests
	$(BIN)/mypy

layout: $(VENV)/.tests
	$(BIN)/python -m pytest -q tests/test_layout.py

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache

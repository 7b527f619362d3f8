# `make lab` opens the course, `make test` proves it. Another Python: make lab PYTHON=python3.12
PYTHON ?= python3
LESSONS ?= $(wildcard notebooks/*.ipynb notebooks/solutions/*.ipynb)
BIN := .venv/bin
# Solvers are small here: more threads than one only make the two cores wait for each other.
export OPENBLAS_NUM_THREADS ?= 1

.PHONY: lab test notebooks bench lock newest

lab: .venv/installed
	$(BIN)/jupyter trust $(LESSONS)
	$(BIN)/jupyter lab $(if $(filter 0,$(shell id -u)),--allow-root) notebooks/00_start_here.ipynb

test: .venv/installed
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder

# Runs the lessons and stores their outputs; one alone: make notebooks LESSONS=notebooks/01_the_five_point_line.ipynb
notebooks: .venv/installed
	$(BIN)/python -m tests.notebooks.run $(LESSONS)

bench: .venv/installed
	$(BIN)/python -m tests.benchmarks

# The newest versions that pyproject.toml allows, for all platforms
lock: .venv/installed
	$(BIN)/python -m pip install --quiet uv
	echo flit-core | $(BIN)/uv pip compile pyproject.toml - --extra test --universal --python-version 3.11 --upgrade \
		--generate-hashes --no-annotate --quiet --custom-compile-command "make lock" --output-file requirements.lock

# The newest versions in place of the locked ones, until .venv is removed
newest:
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --upgrade --editable ".[test]"
	touch .venv/installed

.venv/installed: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; v = sys.version_info; v < (3, 11) and sys.exit("Downhill needs Python 3.11 or newer; this is %d.%d. Give another one: make lab PYTHON=python3.12" % v[:2])'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --no-deps --no-build-isolation --editable .
	touch $@

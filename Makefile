# `make lab` opens the course, `make test` proves it. Another Python: make lab PYTHON=python3.12
PYTHON ?= python3
FOLDERS := notebooks notebooks/solutions notebooks/documents
LESSONS ?= $(wildcard $(FOLDERS:%=%/*.ipynb))
BIN := .venv/bin
PYTEST := $(BIN)/python -m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder
# Solvers are small here: more threads than one only make the two cores wait for each other.
export OPENBLAS_NUM_THREADS ?= 1

.PHONY: lab check test style types notebooks lesson handout slides site lite api bench lock newest lowest always

# The address that it prints is the lesson's, for where no browser opens.
lab: .venv/lab
	$(BIN)/jupyter trust $(LESSONS)
	$(BIN)/jupyter lab $(if $(filter 0,$(shell id -u)),--allow-root) --LabApp.default_url=/lab/tree/00_start_here.ipynb notebooks

# What is quick: numerics, and the rules of notebooks that need no kernel. With LESSON=08 that lesson in place of the
# numerics: its run and that of its solutions, every slider, its exercises.
SLOW := tests/test_ledger.py tests/test_practice.py tests/test_setup.py tests/test_skeleton.py
OF_LESSON = $(wildcard $(FOLDERS:%=%/$(LESSON)_*.ipynb))
check: style types
ifndef LESSON
	$(PYTEST) tests/notebooks/test_rules.py $(filter-out $(SLOW),$(wildcard tests/test_*.py))
else
	$(PYTEST) $(or $(OF_LESSON),$(error There is no notebooks/$(LESSON)_….ipynb)) tests/notebooks/test_sweep.py \
		tests/notebooks/test_own_data.py tests/notebooks/test_rules.py tests/test_practice.py tests/test_words.py \
		-k "$(LESSON)_ or test_rules.py or test_words.py"
endif

# The kernels that nbval runs move all controls, too, and make the films of the site. What needs that comes after.
AFTER := tests/notebooks/test_sweep.py tests/pages
test: style
	$(PYTEST) --films build/films $(AFTER:%=--ignore %)
	$(MAKE) lite site
	$(PYTEST) --dist worksteal $(AFTER)

style: .venv/test
	$(BIN)/ruff format --check
	$(BIN)/ruff check

# With the locked versions: NumPy 2.0 has other hints than 2.4
types: .venv/test
	$(BIN)/mypy

# Runs the lessons and stores their outputs; one alone: make notebooks LESSONS=notebooks/01_the_five_point_line.ipynb
notebooks: .venv/test
	$(BIN)/python -m tests.notebooks.run $(LESSONS)
	$(BIN)/python -m tests.readme

# The beginning of a new lesson, its solutions and its checks: make lesson NAME=17_my_lesson
lesson: .venv/test
	$(BIN)/python -m tests.skeleton "$(NAME)"

# A lesson to give away, as HTML and PDF in build/handout: make handout LESSON=01, with its solutions SOLUTIONS=yes
handout: .venv/test
	$(BIN)/python -m pages.handout "$(LESSON)" build/handout $(if $(SOLUTIONS),$(if $(filter yes,$(SOLUTIONS)),with-solutions,$(error SOLUTIONS=$(SOLUTIONS) came, expected yes)))

# Its figures and questions for a projector, in build/slides: make slides LESSON=01
slides: .venv/test
	$(BIN)/python -m pages.slides "$(LESSON)" build/slides

# The course as pages that need no Python, in build/site. REPOSITORY=owner/name links them to Binder, too.
export REPOSITORY ?= $(GITHUB_REPOSITORY)
site: .venv/test
	$(BIN)/python -m pages build/site

# The course in JupyterLite, whose kernel runs in the browser
lite: .venv/test
	$(BIN)/python -m pages.lite build/site/lite

api: .venv/test
	$(BIN)/python -m pages.api build/api

bench: .venv/test
	$(BIN)/python -m tests.benchmarks

# The newest versions that pyproject.toml allows, for all platforms: of everything, and of the part that `make lab` needs.
# `make lock UPGRADE=` leaves what is locked as it is and adds what pyproject.toml asks for anew.
UPGRADE = --upgrade
PIN = echo flit-core | $(BIN)/uv pip compile pyproject.toml - --universal --python-version 3.11 --only-binary :all: \
	$(UPGRADE) --generate-hashes --no-annotate --quiet --custom-compile-command "make lock"
lock: .venv/lab
	$(BIN)/python -m pip install --quiet uv
	$(PIN) --extra test --output-file requirements-test.lock
	$(PIN) --extra lab --constraint requirements-test.lock --output-file requirements.lock

# In place of the locked versions the newest or the lowest that pyproject.toml allows, until .venv is removed
newest: VERSIONS = highest
lowest: VERSIONS = lowest-direct
newest lowest: .venv/folder
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip install --python $(BIN)/python --upgrade --resolution $(VERSIONS) --editable ".[test]"
	touch .venv/lab .venv/test

.venv/test: .venv/lab requirements-test.lock
	$(BIN)/python -m pip install --require-hashes --requirement requirements-test.lock
	touch $@

.venv/lab: .venv/folder requirements.lock pyproject.toml $(shell find settings -type f)
	$(BIN)/python -m pip install --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --no-deps --no-build-isolation --editable .
	touch $@

# Every script in .venv begins with the name of its folder: in one that was moved or renamed they are made anew.
.venv/folder: always
	@test "$$(cat $@ 2>/dev/null)" = "$$(pwd -P)" || { \
		$(PYTHON) -c 'import sys; v = sys.version_info; v < (3, 11) and sys.exit("Downhill needs Python 3.11 or newer; this is %d.%d. Give another one: make lab PYTHON=python3.12" % v[:2])' && \
		$(PYTHON) -m venv --clear .venv && pwd -P >$@; }

# make book, make test, make bench: each sets up .venv by itself. Needs Python 3.11.5+ and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
TORCH ?=  # make test-machines TORCH="2.13.0 2.15.0": these versions of torch as well
# Where torch comes from, such as https://download.pytorch.org/whl/cpu; "pypi" for PyPI's build.
TORCH_INDEX ?=
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

BENCH := quality throughput cost growth
ALL_BENCH := $(BENCH) ablation busy claims lambdas gradient_paths contrast infogan_cr supervised separation trial worlds own_pictures digits_page features weights pages memory widgets speed gpu

.DEFAULT_GOAL := help
.PHONY: help lab lab-ko book korean offline sphinx test test-pages test-code test-long test-lab test-notebooks test-machines bench \
	weights pictures stamp release tag lock clean browser

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):.*## /make \1\t/' | expand -t 20

book: $(READY) ## build the book, in English and in Korean: _build/html/index.html
	@echo "== building the book: trains every model, some minutes the first time"
	$(BIN)/jupyter-book build book -W --keep-going
	@echo "== the Korean edition, with the outputs of the English one"
	$(BIN)/jupyter-book build ko -W --keep-going
	@echo "== the book: $(CURDIR)/_build/html/index.html"

lab: $(READY) ## open the chapters in JupyterLab
	$(BIN)/jupyter lab book

lab-ko: $(READY) ## open the Korean chapters in JupyterLab
	$(BIN)/jupyter lab ko

offline: book ## the built book as one zip that opens by double click
	$(BIN)/python tools/offline.py

sphinx: $(READY) ## the English pages by a newer Sphinx, without Jupyter Book
	$(BIN)/python tools/sphinx_lane.py

test: $(READY) browser ## lint, all tests, all notebooks at a small budget
	@echo "== ruff"
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	@echo "== tests of the pages, of what takes longer, and of the code and in JupyterLab, side by side"
	OMP_NUM_THREADS=1 $(MAKE) --no-print-directory -j 3 test-pages test-long test-code

CHAPTERS := tests/test_run_all.py
LONG := tests/benchmarks tests/running tests/tools
PAGES := $(CHAPTERS) tests/test_book.py tests/test_korean_pages.py tests/test_widgets_in_browser.py

test-pages: $(READY)
	$(BIN)/pytest -q $(PAGES)

test-code: $(READY)
	INFOGAN_LAB=1 $(BIN)/pytest -q $(PAGES:%=--ignore=%) $(LONG:%=--ignore=%)

test-long: $(READY)
	$(BIN)/pytest -q $(LONG)

test-lab: $(READY) browser ## the widgets in a real JupyterLab and Notebook 7
	INFOGAN_LAB=1 $(BIN)/pytest -q tests/test_lab.py

test-notebooks: $(READY) ## each notebook from top to bottom, whatever its tags say
	$(BIN)/pytest -q $(CHAPTERS)

test-machines: $(READY) ## what rounding could change, under the arithmetic of other machines
	$(BIN)/python tools/machines.py --torch $(TORCH)

bench: $(READY) ## quality, speed and cost as tables, about 15 minutes
	@echo "== not run, for its time or its needs: $(filter-out $(BENCH),$(ALL_BENCH))"
	@echo "== python -m benchmarks lists all of them"
	$(BIN)/python -m benchmarks $(BENCH)

weights: $(READY) ## train the models that come with the package, again
	$(BIN)/python -m benchmarks weights

pictures: $(READY) ## draw the overview and the moving sliders of both READMEs, from these models
	$(BIN)/python tools/make_overview.py
	$(BIN)/python tools/make_sliders.py

stamp: $(READY) ## bring the first cell of each chapter in step with address and version
	$(BIN)/python tools/stamp.py
	$(BIN)/python tools/korean.py

release: $(READY) ## let links and first cells follow a release: make release TAG=v0.3.0
	$(BIN)/python tools/release.py $(TAG)

tag: $(READY) ## commit that beside the branch, tag it and push the tag
	$(BIN)/python tools/release.py $(TAG) --push

korean: $(READY) ## make the pages of the Korean edition from ko/texts
	$(BIN)/python tools/korean.py

lock: ## the exact versions and checksums of all that is installed, after a change of them
	$(PYTHON) -m venv _build/lock
	_build/lock/bin/python -m pip install --quiet --disable-pip-version-check uv
	_build/lock/bin/python tools/lock.py

clean: ## remove what was built and the environment
	rm -rf _build ko/_build build dist $(VENV) tools/javascript/node_modules *.egg-info .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

browser: $(READY)
	@$(BIN)/python tools/browser.py

$(READY): requirements.lock torch.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11, 5))' || \
		{ echo "Python 3.11.5 or newer is needed: make PYTHON=python3.12 ..."; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || \
		{ echo "Python's venv is missing: apt-get install python3-venv"; exit 1; }
	@echo "== setting up $(VENV): downloads torch and the rest, some minutes, only once"
	$(PYTHON) -m venv $(VENV)
	index=$$($(BIN)/python tools/torch_index.py "$(TORCH_INDEX)"); \
	if [ "$$index" ]; then \
		$(PIP) --require-hashes -r requirements.lock && \
		$(PIP) --no-deps --index-url "$$index" \
			$$(grep -oE '^(torch|torchvision)==[0-9.]+' torch.lock); \
	else \
		$(PIP) --require-hashes -r requirements.lock -r torch.lock; \
	fi
	$(PIP) --no-deps --no-build-isolation -e .
	@touch $(READY)

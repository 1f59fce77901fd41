# One command for everything: each target first brings the set-up up to date, which takes no time when it is.
.DEFAULT_GOAL := help
.PHONY: help demo test check check-style check-types check-texts check-state bench crawl assets translations pictures handbook \
	clean environment development site

PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
MANAGE := $(BIN)/python manage.py
POSTGRES ?= postgres://postgres@127.0.0.1:5432/postgres
TESTS ?= tests

help: ## print this list
	@grep -E '^[a-z]+:.*## ' Makefile | sed 's/:.*## /\t/' | expand -t 14

demo: site ## the demo office on http://127.0.0.1:8000 (PORT=… for another port); Ctrl-C stops it
	@exec env DEBUG=0 DEMO=1 PORT=$(PORT) SITE_URL=http://127.0.0.1:$(PORT) $(MANAGE) demo

test: development ## the whole test suite, on SQLite and, where it runs, on PostgreSQL
	@$(BIN)/python tests/run.py --postgres $(POSTGRES) $(TESTS)

check: check-style check-types check-texts check-state ## format, lint, types, import contracts, migrations, translations, templates

check-style: development
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/djlint --check --lint --quiet templates

check-types: development
	$(BIN)/mypy
	$(BIN)/lint-imports

check-texts: development
	$(MANAGE) translations

check-state: development
	$(MANAGE) makemigrations --check --dry-run
	DEBUG=0 SECRET_KEY=$$(head -c 48 /dev/urandom | base64 -w 0) SITE_URL=https://example.org \
		ALLOWED_HOSTS=example.org $(MANAGE) check --deploy --fail-level WARNING

bench: development ## the benchmark: one table, with yardsticks measured in the same run
	$(BIN)/python -m bench

crawl: development ## look at every page of a demo in every language; writes docs/crawl.md (ONLY=de,ar prints a shorter one)
	@$(BIN)/python -m tests.crawl $(if $(ONLY),--languages $(ONLY))

assets: environment ## style sheet, fonts and icons, from the packages of the npm registry
	@$(BIN)/python qmportal/assets/build.py

translations: development ## bring locale/ up to date with the texts of the source
	$(MANAGE) translations --write
	$(MANAGE) translations --compile

pictures: development ## draw the demo's pictures, take those of README and handbook anew from a running demo (needs Chromium)
	$(BIN)/python qmportal/website/pictures/draw.py
	$(BIN)/python qmportal/website/pictures/film.py
	$(BIN)/python qmportal/website/pictures/icons.py
	$(BIN)/python docs/pictures/take.py http://127.0.0.1:$(PORT)
	$(BIN)/python docs/handbuch/bilder.py http://127.0.0.1:$(PORT)
	$(BIN)/python docs/handbuch/drucken.py

handbook: development ## print docs/handbuch/ for the menu of the back end (needs Chromium)
	$(BIN)/python docs/handbuch/drucken.py

clean: ## remove what the set-up made; the data under var/ stays
	rm -rf .venv static/build staticfiles .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	rm -rf qmportal/assets/node_modules
	find booking qmportal tests -name __pycache__ -type d -prune -exec rm -rf {} +
	find locale -name '*.mo' -delete

environment:
	@$(PYTHON) requirements/install.py base

development:
	@$(PYTHON) requirements/install.py dev
	@$(BIN)/python qmportal/assets/build.py
	@$(BIN)/python -m qmportal.catalogues
	@DEBUG=0 DEMO=1 $(MANAGE) collect_changed

site: assets
	@$(BIN)/python -m qmportal.catalogues

# Every target sets up .venv on first use, from requirements.lock, and again when that changes.
# INSTANCE is a folder of instances/; PYTHON is used to make .venv; uv is used when it is on PATH. CHROMIUM is a browser
# that pictures of pages are taken with.

PYTHON ?= python3
INSTANCE ?= us-battery-2027
PLAN ?= plan/$(INSTANCE)
PICTURES ?= docs/pictures

BIN := .venv/bin
READY := .venv/.ready
# What tells soon whether other releases or another Python change anything: every library by what we ask of it (reading,
# writing, the model, the solver), known optima, every command once, and the second solver; no long random runs.
FAST := models tests/blocks tests/cli/test_audit.py tests/cli/test_commands.py tests/found tests/known \
	tests/laws/test_other_solvers.py tests/limits/test_limits.py tests/limits/test_rows.py tests/policies \
	tests/test_bad_document.py tests/test_bad_workbook.py tests/test_instances.py tests/test_load.py \
	tests/test_readme.py tests/test_records.py

# Also what is marked slow, and every random case.
ALL := -m "" --hypothesis-profile=all

UV := $(shell command -v uv 2>/dev/null)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help solve hooks format check static lint types imports test test-all coverage fast mutants facts quarterly docs \
	pictures site bench wheel lock clean

help: # the list of what can be made, without setting anything up
	@echo 'Lodeplan. First "make solve": it sets up .venv (once), solves an instance and shows the plan.'
	@echo 'To change the code: "make hooks" once, "make check" before you propose it; CONTRIBUTING.md says the rest.'
	@awk '/^##@ / { printf "\n%s\n", substr($$0, 5) } match($$0, /^[a-z-]+:.*## /) \
		{ printf "  make %-9s %s\n", substr($$0, 1, index($$0, ":") - 1), substr($$0, RLENGTH + 1) }' $(MAKEFILE_LIST)

##@ Try it

solve: $(READY) ## solve INSTANCE (us-battery-2027) into PLAN (plan/INSTANCE), and draw its report
	@$(BIN)/lodeplan solve instances/$(INSTANCE) -o $(PLAN) --report --force

##@ While you work

hooks: $(READY) ## have git run "make static" before each commit (once a clone)
	git config core.hooksPath .githooks

format: $(READY) ## put the code into its layout
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

check: static test ## all that a change must pass before it is proposed: static and test

static: lint types imports ## what needs no test run: lint, types and imports

lint: $(READY) ## check style and layout of the code
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY) ## check types
	$(BIN)/mypy

imports: $(READY) ## check that imports go one way
	$(BIN)/lint-imports --no-logo

##@ Tests

test: $(READY) ## run the tests: all but those marked slow, some of the random cases
	$(BIN)/python -m pytest -n auto

test-all: $(READY) ## run every test: the slow ones and all random cases too
	$(BIN)/python -m pytest -n auto $(ALL)

coverage: $(READY) ## run every test, and fail when less of the code is run than pyproject.toml asks for
	@rm -f .coverage .coverage.*
	$(BIN)/python -m coverage run -m pytest -n auto $(ALL)
	@$(BIN)/python -m coverage combine --quiet
	$(BIN)/python -m coverage report

fast: $(READY) ## run the tests that tell whether other releases of what we use change anything
	$(BIN)/python -m pytest -n auto $(ALL) $(FAST)

mutants: $(READY) ## plant every fault in every limit and write docs/mutation.md
	$(BIN)/python -m tests.mutation

facts: $(READY) ## recompute the figures of the real instances, and flag what has grown old
	@$(BIN)/python -m facts.check

quarterly: $(READY) ## make instances/us-battery-quarterly of us-battery-2027
	@$(BIN)/python -m facts.quarterly

##@ Documents and measurements

docs: $(READY) ## write docs/reference.md and the schema of a plan from the records
	$(BIN)/python docs/reference.py
	$(BIN)/python docs/plan_schema.py

pictures: $(READY) ## draw what the pages show into PICTURES (docs/pictures); needs chromium (CHROMIUM=its path)
	@$(BIN)/lodeplan solve instances/us-battery-2027 -o plan/pictures/plan --report --force -q
	@$(BIN)/lodeplan sweep instances/us-battery-2027 --cap refined/graphite:CN=0%..100%:11 -o plan/pictures/sweep --force -q
	@$(BIN)/lodeplan report plan/pictures/plan --sweep plan/pictures/sweep -o plan/pictures/report.html --force
	@$(BIN)/lodeplan whatif instances/us-battery-2027 --grid '*' -o plan/pictures/cases --report --force -q
	@$(BIN)/lodeplan solve instances/us-battery-quarterly -o plan/pictures/scenarios --force -q
	@$(BIN)/lodeplan report plan/pictures/scenarios --force
	@$(BIN)/python docs/building/pictures.py plan/pictures/report.html plan/pictures/cases/report.html plan/pictures/scenarios/report.html $(PICTURES)
	@cp plan/pictures/sweep/frontier.svg $(PICTURES)/frontier.svg

site: $(READY) .venv/.site ## build the site from docs/ into the folder site, and check its links
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --clean
	$(BIN)/python docs/building/check_site.py site

bench: $(READY) ## measure building, solving and solving again (some minutes)
	$(BIN)/python benchmarks/run.py
	$(BIN)/python benchmarks/load.py
	$(BIN)/python benchmarks/limits.py
	$(BIN)/python benchmarks/hhi.py
	$(BIN)/python benchmarks/limits_cost.py
	$(BIN)/python benchmarks/stress.py
	$(BIN)/python benchmarks/floors.py
	$(BIN)/python benchmarks/scenarios.py
	$(BIN)/python benchmarks/scenarios.py --hazards
	$(BIN)/python benchmarks/whatif.py
	$(BIN)/python benchmarks/updated.py
	$(BIN)/python benchmarks/formulation.py
	$(BIN)/python benchmarks/shares.py
	$(BIN)/python benchmarks/report.py
	$(BIN)/python benchmarks/live.py
	$(BIN)/python benchmarks/live.py --flows 10000

##@ Releases

wheel: $(READY) ## build the wheel into dist
	@rm -f dist/lodeplan-*.whl
	$(BIN)/python -m hatchling build -t wheel -d dist

lock: ## pin what is allowed by pyproject.toml in requirements.lock (needs uv; UPGRADE=1 takes newer versions)
	@command -v uv >/dev/null || { echo "make lock needs uv on PATH" >&2; exit 1; }
	uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --fork-strategy fewest \
		--generate-hashes --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
		$(if $(UPGRADE),--upgrade) --quiet --output-file requirements.lock
	uv pip compile --group docs --constraints requirements.lock --universal --python-version 3.11 --fork-strategy fewest \
		--generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --custom-compile-command "make lock" \
		$(if $(UPGRADE),--upgrade) --quiet --output-file docs/requirements.lock

##@ Tidy up

clean: ## remove .venv, plan, dist, site and what the tools left
	rm -rf .venv plan dist site htmlcov .coverage .coverage.* \
		.hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find $(wildcard facts lodeplan models optimizer tests benchmarks) -name __pycache__ -type d -prune -exec rm -rf {} +

# What others made: anew whenever the lock changes, so that nothing dropped from it stays behind.
.venv/.locked: requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Lodeplan needs Python 3.11 or newer and $(PYTHON) is %d.%d; say make PYTHON=python3.11" % sys.version_info[:2])'
	@echo "Setting up .venv (once)"
	@rm -rf .venv
ifdef UV
	@uv venv --quiet --python "$$($(PYTHON) -c 'import sys; print(sys.executable)')" .venv
	@uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock
else
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
endif
	@touch $@

# Ourselves: a link to this folder, so only the metadata has to be renewed.
$(READY): .venv/.locked pyproject.toml optimizer/__init__.py
ifdef UV
	@uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
else
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
endif
	@touch $@

# What only the site needs.
.venv/.site: .venv/.locked docs/requirements.lock
ifdef UV
	@uv pip install --quiet --python $(BIN)/python --require-hashes -r docs/requirements.lock
else
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r docs/requirements.lock
endif
	@touch $@

# The two commands that matter: `make report` and `make test`. `make help` lists the rest.
# Each is a thin face on `.venv/bin/analysis`, which gives exact exit codes (make turns every failure into its own 2).
# Written for GNU make 3.81 and later, so that the make of macOS will do.

.DEFAULT_GOAL := help
SHELL := /bin/sh
.SUFFIXES:

PYTHON ?= python3
WORKERS ?= 2

SCRIPTS := $(if $(filter Windows_NT,$(OS)),.venv/Scripts,.venv/bin)
ANALYSIS := $(SCRIPTS)/analysis

# Values reach the shell through its environment, never as text of a command: any character is safe in a path.
export PERIOD_ := $(value PERIOD)
export RAW_ := $(value RAW)
export REPORTS_ := $(value REPORTS)
export ROLE_ := $(value ROLE)
export OLD_ := $(value OLD)
export NEW_ := $(value NEW)
export ID_ := $(value ID)
export WHAT_ := $(value WHAT)
export FROM_ := $(value FROM)
export TO_ := $(value TO)
export BASE_URL_ := $(value BASE_URL)
export BY_ := $(value BY)
export AREAS_ := $(value AREAS)
export SCHEDULER_ := $(value SCHEDULER)
export PYTHON_ := $(value PYTHON)

# A misspelt variable would leave the command with a default instead of what was asked for.
VARIABLES := PERIOD RAW REPORTS ROLE BY AREAS SCHEDULER STRICT FRESH PLAN FULL QUIET DEBUG FAILED FETCH WHAT FROM TO CHECK BASE_URL ACCEPT OLD NEW ID TESTS WORKERS UPGRADE PYTHON
UNKNOWN := $(filter-out $(VARIABLES),$(foreach v,$(.VARIABLES),$(if $(filter command,$(origin $(v))),$(v))))
define REFUSAL
There is no variable $(UNKNOWN).
  Why: the command would run on a default instead of what was asked for.
  Fix: use one of $(VARIABLES); make help explains them
endef
$(if $(UNKNOWN),$(error $(REFUSAL)))

given = $(if $(value $(1)),--$(2)="$${$(1)_}")
flag = $(if $(filter-out 0 no false,$(value $(1))),--$(2))
FOR_PERIOD = $(call given,PERIOD,period) $(call given,REPORTS,reports)

# ---- the environment ----------------------------------------------------------------------------------------------
# A stamp, written last, says that the environment is whole; it is made again when the lock is newer. `dev` holds all
# of `run`, so where there is a `dev` environment it serves both. tools/environment.py says what is installed when.
RUN := $(if $(wildcard .venv/.dev-stamp),.venv/.dev-stamp,.venv/.run-stamp)
DEV := .venv/.dev-stamp
# Scripts hold the absolute path of their environment: after the folder was moved or copied it must be made again.
ifeq ($(shell test -f $(RUN) && { grep -qxF "home=$$(pwd -P)" $(RUN) || echo moved; }),moved)
$(RUN): moved
endif

.venv/.%-stamp: requirements/%.lock pyproject.toml
	@command -v "$$PYTHON_" >/dev/null || { printf '%s\n' "There is no program named $$PYTHON_." \
	  "  Why: the environment is made with Python 3.11, 3.12 or 3.13." \
	  "  Fix: install Python, or name it: make $(or $(firstword $(MAKECMDGOALS)),report) PYTHON=/path/to/python3" >&2; exit 2; }
	@"$$PYTHON_" tools/environment.py $*

# ---- commands -----------------------------------------------------------------------------------------------------
.PHONY: moved help report profiles plan pdf fetch register doctor test approve audit campaign bench lab check compare explain sample docs lock clean

help: ## List the commands and their variables
	@echo "make COMMAND [VARIABLE=value ...]"
	@echo
	@echo "Commands:"
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  %-8s %s\n", $$1, $$2 }' Makefile
	@echo
	@echo "Variables:"
	@awk -F '#= ' '/^#= / { print "  " $$2 }' Makefile
#= PERIOD=YYYY-MM  census of the report; the latest in RAW when not given (report, profiles, plan, lab, doctor, explain, pdf); newest edition (fetch)
#= RAW=DIR         folder with the extracts; data/raw when not given (report, profiles, plan, lab, doctor, fetch); where to write it (sample)
#= REPORTS=DIR     folder of the reports; reports when not given (report, profiles, plan, doctor, explain, compare, lab, pdf)
#= ROLE=CODE       role or group of roles.toml that the report is about; link workers when not given (report, profiles, plan)
#= BY=LEVEL        level of the areas: icb, sub_icb, region or pcn; icb when not given (profiles)
#= AREAS=CODES     codes of areas, such as "QE1 QHM"; all of the level when not given (profiles)
#= SCHEDULER=ADDRESS  Dask scheduler, tcp://HOST:PORT, whose workers make the pages; this machine when not given (profiles)
#= STRICT=1        fail unless the report comes out final (report, plan)
#= FRESH=1         do every step again, also those of which nothing has changed (report, profiles, plan)
#= PLAN=1          say which pages would be made, and why; make none (profiles)
#= FULL=1          write every extract of the synthetic series (sample)
#= QUIET=1         no line for each step (report, profiles, fetch)
#= DEBUG=1         show the traceback behind an error (report, profiles, plan, fetch, doctor)
#= FETCH=1         first get the edition from the publisher (report)
#= WHAT=FILES      individual,bulletin,patients,map, or some of them; all when not given (fetch)
#= FROM=, TO=      the first and the last census of a range, each YYYY-MM (fetch)
#= CHECK=1         list the editions that are newer than what RAW holds, and fetch nothing (fetch)
#= BASE_URL=URL    a mirror of the publisher's site (fetch, report)
#= ACCEPT=1        also change figures that were published otherwise before (register)
#= FAILED=1        open the notebook that failed in the last run (lab)
#= OLD=, NEW=      the two reports, each a period or a folder (compare)
#= ID=FACT         a fact, for example fte.splw.ENG.2021-12 (explain)
#= TESTS=PATHS     run these tests only (test)
#= WORKERS=N       processes that run the tests; 2 when not given (test)
#= UPGRADE=1       take newer releases, within the bounds of pyproject.toml (lock)
#= PYTHON=PROGRAM  Python that makes the environment: 3.11, 3.12 or 3.13; python3 when not given
	@echo
	@echo "A command that fails prints its own exit code as 'Error N'; make itself then ends with 2."
	@echo "For exact exit codes, in a scheduler say, call $(ANALYSIS) itself: $(ANALYSIS) report --help"

report: $(RUN) ## Make the report of one census: REPORTS/index.html and REPORTS/<period>/
	@$(ANALYSIS) report $(FOR_PERIOD) $(call given,RAW,raw) $(call given,ROLE,role) $(call flag,FETCH,fetch) $(call given,BASE_URL,base-url) \
	  $(call flag,STRICT,strict) $(call flag,FRESH,fresh) $(call flag,QUIET,quiet) $(call flag,DEBUG,debug)

# SCHEDULER needs Dask, which is in the environment of the tests.
profiles: $(if $(value SCHEDULER),$(DEV),$(RUN)) ## Make a page for each area of a report: BY=icb, sub_icb, region or pcn
	@$(ANALYSIS) profiles $(FOR_PERIOD) $(call given,BY,by) $(call given,AREAS,areas) $(call given,RAW,raw) $(call given,ROLE,role) \
	  $(call given,SCHEDULER,scheduler) $(call flag,FRESH,fresh) $(call flag,PLAN,plan) $(call flag,QUIET,quiet) $(call flag,DEBUG,debug)

plan: $(RUN) ## Say which steps a report would run, and why; runs nothing
	@$(ANALYSIS) plan $(FOR_PERIOD) $(call given,RAW,raw) $(call given,ROLE,role) $(call flag,STRICT,strict) $(call flag,FRESH,fresh) \
	  $(call flag,DEBUG,debug)

pdf: $(RUN) ## Print a report to REPORTS/report-<period>.pdf; needs Chromium, Chrome or Edge
	@$(ANALYSIS) pdf $(call given,REPORTS,reports) $(if $(value PERIOD),-- "$$PERIOD_")

fetch: $(RUN) ## Get the extracts of an edition from the publisher into RAW
	@$(ANALYSIS) fetch $(call given,PERIOD,period) $(call given,FROM,from) $(call given,TO,to) $(call given,WHAT,what) \
	  $(call given,RAW,raw) $(call given,BASE_URL,base-url) $(call flag,CHECK,check) $(call flag,QUIET,quiet) \
	  $(call flag,DEBUG,debug)

register: $(RUN) ## Take new published totals over from the bulletin workbook in RAW
	@$(ANALYSIS) register $(call given,RAW,raw) $(call flag,ACCEPT,accept-revisions) $(call flag,DEBUG,debug)

doctor: $(RUN) ## Check what a report needs, and say what to do
	@$(ANALYSIS) doctor $(FOR_PERIOD) $(call given,RAW,raw) $(call flag,DEBUG,debug)

test: $(DEV) ## Run every test
	@$(SCRIPTS)/python -m pytest --numprocesses $(WORKERS) --dist loadgroup $(TESTS)

approve: $(DEV) ## Write the approved texts of the reports anew; the diff shows what changed
	@$(SCRIPTS)/python -m pytest --quiet --approve -k approved tests/statements/test_statements.py

audit: $(DEV) ## Licences of the packages, and known vulnerabilities in them
	@$(SCRIPTS)/python tools/audit.py

campaign: $(DEV) ## Try to break runs: kills, full disks, random input to each parser (an hour)
	@ANALYSIS_FUZZ_SECONDS=60 $(SCRIPTS)/python -m pytest tests/extracts/test_parsers_under_hypothesis.py
	@$(SCRIPTS)/python -m pytest -m campaign -s tests/campaign tests/quality/test_power.py

bench: $(DEV) ## Compare reports and pages by area with papermill and nbconvert; longer histories: RAW=DIR PERIOD=YYYY-MM (hours)
	@$(SCRIPTS)/python benchmarks/compare.py $(call given,RAW,raw) $(call given,PERIOD,period)
	@$(SCRIPTS)/python benchmarks/scale.py $(call given,RAW,raw) $(call given,PERIOD,period)

lab: $(DEV) ## Open the notebooks in JupyterLab
	@$(ANALYSIS) lab $(FOR_PERIOD) $(call given,RAW,raw) $(call flag,FAILED,failed)

check: $(DEV) ## Lint, format, types, notebooks and locks; changes nothing
	$(SCRIPTS)/ruff check --no-fix .
	$(SCRIPTS)/ruff format --check .
	$(SCRIPTS)/mypy
	$(if $(wildcard notebooks/*.ipynb),$(SCRIPTS)/python tools/strip_notebooks.py --verify notebooks/*.ipynb)
	$(SCRIPTS)/python -m pytest --quiet tests/build/test_locks.py tests/build/test_conda.py

compare: $(RUN) ## Compare two reports: OLD=2022-06 NEW=2022-09
	@$(ANALYSIS) compare $(call given,REPORTS,reports) $(if $(value OLD),-- "$$OLD_" $(if $(value NEW),"$$NEW_"))

explain: $(RUN) ## Say where a number comes from: ID=fte.splw.ENG.2021-12
	@$(ANALYSIS) explain $(FOR_PERIOD) $(if $(value ID),-- "$$ID_")

sample: $(RUN) ## Write the synthetic extracts, to RAW when it is given
	@$(ANALYSIS) sample $(call flag,FULL,full) $(if $(value RAW),-- "$$RAW_")

docs: $(DEV) ## Make the reference of the package: docs/api/index.html
	@$(SCRIPTS)/python docs/reference.py

# dev first, then run within it: a package has the same release in both.
COMPILE := uv pip compile pyproject.toml --group build --universal --python-version 3.11 --generate-hashes \
  --no-emit-index-url --quiet --custom-compile-command "make lock" $(if $(filter-out 0 no false,$(UPGRADE)),--upgrade)
lock: ## Write requirements/*.lock anew from pyproject.toml (needs uv)
	@command -v uv >/dev/null || { printf '%s\n' "There is no program named uv." \
	  "  Why: it alone resolves one lock, with checksums, for several Pythons and systems." \
	  "  Fix: install uv (python3 -m pip install uv), then run make lock again." >&2; exit 2; }
	@$(COMPILE) --extra dev --output-file requirements/dev.lock >/dev/null
	@$(COMPILE) --constraint requirements/dev.lock --no-annotate --output-file requirements/run.lock >/dev/null

clean: ## Remove what can be made again: environment, intermediate data, caches. Extracts and reports stay
	@find data/processed -mindepth 1 ! -name README.md -delete
	@find src tests tools -name __pycache__ -prune -exec rm -rf {} +
	@rm -rf .venv docs/api .pytest_cache .mypy_cache .ruff_cache .hypothesis

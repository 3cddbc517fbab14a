# İştirak. `make sandbox` runs it, `make test` tests it; both set everything up first.
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
QUICK := "not attack and not crash and not browser"
# The folders of the quick tests lie in memory where there is such a place: they make some hundred databases.
MEMORY := $(if $(wildcard /dev/shm),TMPDIR=/dev/shm)
SPREAD := -n 3 --dist worksteal
# Attacks wait more than they work: for faults, for real processes, for what a woman would wait for.
SPREAD_WAITING := -n 5 --dist worksteal
SPREAD_TOGETHER := -n 4 --dist worksteal
# What is imported need not be compiled anew by each worker and by each process of the bot.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: sandbox test quick attack check lint format rehearsal model walks crash bench browser screenshot lock clean

sandbox: $(VENV)/ready  ## the bot against its own Telegram on this machine; prints the address of the chat page
	$(RUN) -m bot sandbox

test: $(VENV)/tools  ## every floor: quick ones beside attacks, which mostly wait; then crash (a short one), browser
	$(MEMORY) $(RUN) -m pytest $(SPREAD_TOGETHER) -m "not crash and not browser"
	$(RUN) -m pytest -m "crash or browser"

quick: $(VENV)/tools  ## the floors without attacks, crash and browser
	$(MEMORY) $(RUN) -m pytest $(SPREAD) -m $(QUICK)

attack: $(VENV)/tools  ## hostile input, forged presses, full disks, floods
	$(MEMORY) $(RUN) -m pytest $(SPREAD_WAITING) -m attack

check: lint $(if $(filter test,$(MAKECMDGOALS)),test,quick)  ## what every commit passes; the quick tests once, also before `test`

lint: $(VENV)/tools
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy

format: $(VENV)/tools
	$(VENV)/bin/ruff format .
	$(VENV)/bin/ruff check --fix .

rehearsal: $(VENV)/tools  ## 100 invented women live through the nine days, in fair weather and in bad
	$(RUN) -m tests.rehearsal
	$(RUN) -m tests.rehearsal --faults 1

# HISTORIES=200 for a quick look, SEED=2 for other histories.
HISTORIES ?= 2000
SEED ?= 1
model: $(VENV)/tools  ## random histories of three women and an organiser, held against the model
	$(RUN) -m tests.model --histories $(HISTORIES) --seed $(SEED)

# WALKS=500 for a quick look.
WALKS ?= 10000
walks: $(VENV)/tools  ## women who know nothing of the forms do things at random, then want to come to the end
	$(MEMORY) $(RUN) -m tests.walks --walks $(WALKS) --seed $(SEED)

crash: $(VENV)/tools  ## the sweep, random kills of the real process, and a hundred who register at once meanwhile
	$(RUN) -m tests.crash.sweep
	$(RUN) -m tests.crash.kills
	$(MEMORY) $(RUN) -m tests.walks --rushes 10

# ROUNDS=1 for a quick look; ONLY="--only pace --only growth" for parts. bench/README.md says what it needs.
ROUNDS ?= 5
bench: $(VENV)/tools  ## every figure of docs/speed.md: about half an hour on a machine that does nothing else
	$(RUN) -m bench.table --runs $(ROUNDS) $(ONLY)

browser: $(VENV)/tools
	$(RUN) -m pytest -m browser

screenshot: $(VENV)/tools  ## takes the picture of the README anew
	$(RUN) -m pytest tests/browser/test_way.py -k readme --basetemp .sandbox/picture
	cp .sandbox/picture/*/sandbox.png docs/sandbox.png

# One way to install: pip of the machine's python into a bare environment, every file checked by its hash.
INSTALL := $(PYTHON) -m pip --quiet --disable-pip-version-check --python $(RUN) install --require-hashes

$(VENV)/ready: requirements.lock  # what the bot and its sandbox need, on a server too
	$(PYTHON) -m venv --clear --without-pip $(VENV)
	$(INSTALL) -r requirements.lock
	$(RUN) -OO -m compileall -q -j 0 $(VENV)/lib  # as the bot runs where it is deployed
	touch $@

$(VENV)/tools: $(VENV)/ready requirements-dev.lock  # what tests, checks and measures need beside that
	$(INSTALL) -r requirements-dev.lock
	touch $@

LOCK := uv pip compile --universal --generate-hashes --no-header --no-annotate
lock:  ## after a change of dependencies: writes both locks anew, with the same versions (needs uv)
	$(LOCK) --upgrade --extra dev pyproject.toml -o requirements-dev.lock
	$(LOCK) -c requirements-dev.lock pyproject.toml -o requirements.lock

clean:
	rm -rf $(VENV) .sandbox .mypy_cache .ruff_cache .pytest_cache .hypothesis

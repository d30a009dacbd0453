# One way in for people and CI alike. `make run` and `make test` set everything up on a fresh machine.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

# durable-rules 2.0.28 uses a C function that Python 3.13 removed; its successor has the same signature.
export CPPFLAGS += -DPyEval_CallObject=PyObject_CallObject

.PHONY: run test check lint oracle bench bench-verify bench-service bench-batch soak clean

run: $(READY)
	@$(BIN)/cds evaluate fixtures/responses --charts fixtures/charts

test: lint
	@$(BIN)/pytest -n auto --dist loadfile -q
	@$(MAKE) --no-print-directory check

# What every shipped pack must pass: its cases and what they cover, checks and proofs, and faults put into its rules.
check: $(READY)
	@for pack in rules/*/; do \
	  $(BIN)/cds test "$$pack" --require-coverage && $(BIN)/cds check "$$pack" && $(BIN)/cds mutate "$$pack" || exit 1; \
	done

lint: $(READY)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

oracle: $(READY)
	@tests/oracle/install.sh
	@$(BIN)/pytest -q tests/oracle

bench: $(READY)
	@$(BIN)/python -m benchmarks.run

bench-verify: $(READY)
	@$(BIN)/python -m benchmarks.verify

bench-service: $(READY)
	@$(BIN)/python -m benchmarks.service.run

bench-batch: $(READY)
	@$(BIN)/python -m benchmarks.batch.run --curve docs/images/rules-and-time.svg

soak: $(READY)
	@CDS_AGREEMENT_PACKS=4000 $(BIN)/pytest -q tests/engine/test_agreement.py
	@CDS_PLAIN_MUTATIONS=60000 CDS_PIECE_MUTATIONS=60000 $(BIN)/pytest -q tests/intake/test_plain.py tests/intake/test_pieces.py
	@$(BIN)/python -m benchmarks.memory

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || \
	  { echo "Python 3.11, 3.12 or 3.13 is needed; call make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@echo "Installing (about a minute the first time) ..."
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-cache-dir -c constraints.txt durable_rules
	@$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .benchmarks

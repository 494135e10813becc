# `make report` and `make test` are all a newcomer needs; each makes the environment first if it is missing.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
SPARK := pyspark-4.3.0
# The Spark that the tests of other engines run on: yours, or the one that `make engines` put there.
export SPARK_HOME ?= $(wildcard $(CURDIR)/$(VENV)/spark/$(SPARK)/deps)

.PHONY: report test check format lint types docs bench bench-quick build engines clean

report: $(STAMP)
	$(BIN)/timewaste report sample_logs

test: $(STAMP)
	$(BIN)/python -m pytest -n 2

check: $(STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -n 2

lint: $(STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

format: $(STAMP)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# The generated pages, and the example notebook, which is run for it.
docs: $(STAMP)
	$(BIN)/python docs/generate.py
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[docs]'
	$(BIN)/python docs/notebook.py

# Everything, and the picture: over an hour. The peers get an environment of their own.
bench: $(STAMP)
	$(BIN)/python benchmarks/load.py
	$(BIN)/python benchmarks/picture.py
	$(BIN)/python benchmarks/peers.py
	$(BIN)/python benchmarks/readers.py

# The two smaller sizes once or twice: under two minutes. Writes beside the kept results, not over them.
bench-quick: $(STAMP)
	mkdir -p benchmarks/data
	$(BIN)/python benchmarks/load.py --sizes 100000,1000000 --pairs 1 --results benchmarks/data/quick.md

build: $(STAMP)
	$(BIN)/python -m build

# Spark's own package has the same name as its thin client: only the server is taken out of it.
engines: $(STAMP)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev,engines,docs]'
	$(BIN)/python -m pip download --quiet --disable-pip-version-check --no-deps --no-binary pyspark \
		--dest $(VENV)/spark $(subst -,==,$(SPARK))
	tar --extract --file $(VENV)/spark/$(SPARK).tar.gz --directory $(VENV)/spark

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "timewaste needs Python 3.11 or newer; try: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
		{ echo "Python cannot make an environment. On Debian: apt install python3-venv"; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $(STAMP)

clean:
	rm -rf $(VENV) dist build sample_logs/timewaste.duckdb sample_logs/report.html sample_logs/staged

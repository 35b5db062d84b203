# Unit tests link the pure cores alone, built without the server.

UNIT_CORES  = $(sort $(wildcard extension/*/*_core.c extension/rule/exact.c extension/rule/policy_*.c) $(GENERATED))
UNIT_OBJS   = $(UNIT_CORES:extension/%.c=build/unit/%.o)
UNIT_TESTS  = $(patsubst tests/unit/%.c,build/unit/%,$(wildcard tests/unit/*_test.c))
UNIT_CFLAGS = -DGEORISK_STANDALONE -std=gnu11 -O1 -g -ffp-contract=off -Wall -Wextra -Werror

build/unit/%.o: extension/%.c $(HDRS) extension/rule/policy_gram.h extension/rule/shipped_policies.inc
	@mkdir -p $(@D)
	@$(CC) $(UNIT_CFLAGS) -c -o $@ $<

build/unit/cores.a: $(UNIT_OBJS)
	@rm -f $@
	@ar rcs $@ $^

build/unit/%: tests/unit/%.c $(wildcard tests/unit/*.h) build/unit/cores.a
	@$(CC) $(UNIT_CFLAGS) -o $@ $< build/unit/cores.a -lm

# Each runs whole, then under valgrind, where one with a long campaign takes `brief` for a short one.
check-unit: $(UNIT_TESTS)
	@for test in $(UNIT_TESTS); do \
		echo "unit: $$(basename $$test)"; \
		$$test && valgrind -q --error-exitcode=99 --track-origins=yes $$test brief || exit 1; \
	done

# Two sessions at once, and sessions that are killed.

.PHONY: check-isolation check-isolation-long

ISOLATION = $(notdir $(basename $(sort $(wildcard tests/isolation/specs/*.spec))))
# The pairs read SQLSTATEs in the server's log; a deadlock should not take a second to be found, nor a small query one to be compiled.
PAIRS     = SERVER_OPTIONS='-c log_line_prefix=%e~ -c deadlock_timeout=100ms -c jit=off' tests/with-server tests/isolation/pairs

check-isolation:
	@mkdir -p build/isolation
	@tests/with-server tests/isolation/run $(ISOLATION)
	@tests/with-server tests/isolation/kill_activation
	@$(PAIRS) quick

# Every pair of operations, at every isolation level: half an hour and more. NAMES="submit alias" are pairs of these alone,
# NAMES=1/2 is every second pair.
check-isolation-long:
	@$(PAIRS) $(NAMES)

# Two sessions at once, and sessions that are killed.

.PHONY: check-isolation

ISOLATION = $(notdir $(basename $(sort $(wildcard tests/isolation/specs/*.spec))))

check-isolation:
	@mkdir -p build/isolation
	@tests/with-server tests/isolation/run $(ISOLATION)
	@tests/with-server tests/isolation/kill_activation

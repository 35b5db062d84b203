# Mutated text, binary and stored bytes for every type: errors or sound values, never a crash.
.PHONY: check-hostile

check-hostile:
	@tests/with-server tests/hostile/run

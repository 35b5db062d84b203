# Files as districts send them, loaded shuffled and again, by two at once, and with the sender killed.

.PHONY: check-intake

check-intake:
	@tests/with-server tests/intake/check

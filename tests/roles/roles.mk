# Objects of the same names in everybody's way, and odd names; then, as each role, every relation, column and function: what it reaches is what is written down, and no person shows.
.PHONY: check-roles

check-roles:
	@tests/with-server tests/roles/trapped
	@tests/with-server tests/roles/check

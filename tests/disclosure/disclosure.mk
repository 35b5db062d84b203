# What everybody can work out of what a map shows: see docs/count-classes.md. The attacker solves linear programs with SciPy.
.PHONY: check-disclosure check-disclosure-long

check-disclosure:
	@tests/deps python3-scipy
	@tests/with-server tests/disclosure/check_small

# District 1, 66 days, both zone sets.
check-disclosure-long: check-disclosure
	@PYTHONDONTWRITEBYTECODE=1 tests/with-server tests/disclosure/check_district 300

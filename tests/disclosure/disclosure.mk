# What everybody can work out of what a map shows: see docs/count-classes.md. The attacker solves linear programs with SciPy.
.PHONY: check-disclosure check-disclosure-long

# Without autovacuum, which comes when it comes: rows that a view does not order come in the order of a plan, and that follows statistics.
check-disclosure:
	@tests/deps python3-scipy
	@SERVER_OPTIONS='-c autovacuum=off' tests/with-server tests/disclosure/check_small

# District 1, 66 days, both zone sets.
check-disclosure-long: check-disclosure
	@PYTHONDONTWRITEBYTECODE=1 tests/with-server tests/disclosure/check_district 300

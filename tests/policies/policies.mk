# A second evaluator, written from the published rules and the language's description by someone who had not read the C:
# plain SQL for what one profile is enough for, a simulator in Python for what needs more; parts put together against the whole; what comes back from text, binary and a dump. `make check` asks less than
# `make check-policies-long`; both ask the same each time.

.PHONY: check-policies check-policies-long

check-policies:
	@PYTHONDONTWRITEBYTECODE=1 tests/with-server sh -ec 'tests/policies/profiles.py 400; tests/policies/simulate.py 1 2 5; tests/policies/replay.py 2 2 2; \
		tests/policies/restore.py 8; psql -Xq -v splits=1 -f tests/policies/splits.sql'

check-policies-long:
	@PYTHONDONTWRITEBYTECODE=1 tests/with-server sh -ec 'tests/policies/profiles.py 100000; tests/policies/simulate.py 1 200 4; tests/policies/replay.py 1 20 4; \
		tests/policies/restore.py 100; psql -Xq -v splits=50 -f tests/policies/splits.sql'

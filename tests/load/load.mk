# Many at once, and killed while they are at it; a minute and some minutes in the long form.
.PHONY: check-load check-load-long

LOAD  = tests/with-server tests/load/check_load
KILLS = MEANT_SIGNAL=9 SERVER_OPTIONS='-c fsync=on' tests/with-server tests/load/check_kills

check-load:
	@$(LOAD) 3
	@$(KILLS) 2 1
	@PYTHONDONTWRITEBYTECODE=1 tests/with-server tests/load/check_feed

check-load-long:
	@$(LOAD) 60
	@$(KILLS) 25 10

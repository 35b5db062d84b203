# A map is plain tables: dumped and restored like any other, and written by several sessions at once.
.PHONY: check-map

check-map:
	@tests/with-server tests/map/check_restore
	@tests/with-server tests/map/check_writers
	@tests/with-server tests/map/check_assess

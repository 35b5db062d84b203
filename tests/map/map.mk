# A map is plain tables: dumped and restored like any other, and written by several sessions at once.
.PHONY: check-map

check-map: build/district1/zones.csv
	@tests/with-server tests/map/check_restore
	@SERVER_OPTIONS='-c wal_level=logical' tests/with-server tests/map/check_faults
	@tests/with-server tests/map/check_writers
	@tests/with-server tests/map/check_assess
	@tests/with-server tests/map/check_notify
	@tests/with-server tests/map/check_progress
	@tests/with-server psql -Xq -v ON_ERROR_STOP=1 -f tests/map/check_ground.sql <build/district1/zones.csv
	@tests/with-server tests/map/check_import build/district1/zones.csv
	@PYTHONDONTWRITEBYTECODE=1 tests/with-server tests/map/check_dashboard docs/dashboards/grafana.json

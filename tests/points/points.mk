# Point location against two oracles, on the demo's groups and on zones of many parts and vertices; `make check` asks less than `make check-points-long`.

.PHONY: check-points check-points-long

build/district1/zones.csv: demo/district1/generate
	@mkdir -p build/district1
	@demo/district1/generate build/district1

check-points: build/district1/zones.csv
	@tests/with-server tests/points/adversarial.py build/district1/zones.csv 5000
	@tests/with-server tests/points/random_points build/district1/zones.csv 100000
	@tests/with-server tests/points/large 45 100000 3000 50

check-points-long: build/district1/zones.csv
	@tests/with-server tests/points/adversarial.py build/district1/zones.csv 100000
	@tests/with-server tests/points/random_points build/district1/zones.csv 2000000
	@tests/with-server tests/points/large 100 1000000 100000 1000

# Point location against two oracles; `make check` asks less than `make check-points-long`.

.PHONY: check-points check-points-long

build/district1/zones.csv: demo/district1/generate
	@mkdir -p build/district1
	@demo/district1/generate build/district1

check-points: build/district1/zones.csv
	@tests/with-server tests/points/adversarial.py build/district1/zones.csv 5000
	@tests/with-server tests/points/random_points build/district1/zones.csv 100000

check-points-long: build/district1/zones.csv
	@tests/with-server tests/points/adversarial.py build/district1/zones.csv 100000
	@tests/with-server tests/points/random_points build/district1/zones.csv 2000000

# `make bench`: two tables of ratios, in about twelve minutes on one core; see tests/bench/bench and tests/bench/map_bench.
.PHONY: bench bench-map

bench: deps
	@SERVER_OPTIONS="-c shared_buffers=1GB" tests/with-server tests/bench/bench
	@SERVER_OPTIONS="-c autovacuum=off" tests/with-server tests/bench/map_bench

bench-map: deps
	@SERVER_OPTIONS="-c autovacuum=off" tests/with-server tests/bench/map_bench

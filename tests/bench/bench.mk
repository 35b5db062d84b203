# `make bench`: two tables of ratios, in about eight minutes on one core; see tests/bench/bench and tests/bench/map_bench.
.PHONY: bench bench-map

bench: deps
	@SERVER_OPTIONS="-c shared_buffers=1GB" tests/with-server tests/bench/bench
	@tests/with-server tests/bench/map_bench

bench-map: deps
	@tests/with-server tests/bench/map_bench

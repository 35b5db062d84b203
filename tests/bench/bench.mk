# `make bench`: three tables of ratios, in about twelve minutes on one core; see tests/bench/bench, judge_bench and map_bench there.
.PHONY: bench bench-judge bench-map

bench: deps
	@SERVER_OPTIONS="-c shared_buffers=1GB" tests/with-server tests/bench/bench
	@tests/with-server tests/bench/judge_bench
	@SERVER_OPTIONS="-c autovacuum=off" tests/with-server tests/bench/map_bench

bench-judge: deps
	@tests/with-server tests/bench/judge_bench

bench-map: deps
	@SERVER_OPTIONS="-c autovacuum=off" tests/with-server tests/bench/map_bench

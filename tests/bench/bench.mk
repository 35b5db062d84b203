# `make bench`: tables of ratios, in about a quarter of an hour; see tests/bench/bench, judge_bench and map_bench there.
# `make bench-large`: a country's 171,000 zones and 10,000,000 points, in as long; takes 8 GB where TMPDIR is.
.PHONY: bench bench-points bench-large bench-judge bench-map

bench: bench-points bench-judge bench-map

bench-points: deps
	@PYTHONDONTWRITEBYTECODE=1 SERVER_OPTIONS="-c shared_buffers=1GB -c autovacuum=off" tests/with-server tests/bench/bench

bench-large: deps
	@PYTHONDONTWRITEBYTECODE=1 SERVER_OPTIONS="-c shared_buffers=3GB -c wal_level=minimal -c max_wal_senders=0 -c autovacuum=off" tests/with-server tests/bench/bench_large

bench-judge: deps
	@tests/with-server tests/bench/judge_bench

bench-map: deps
	@SERVER_OPTIONS="-c autovacuum=off" tests/with-server tests/bench/map_bench

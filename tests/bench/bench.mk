# `make bench`: one table of ratios, in about five minutes on one core; see tests/bench/bench.
.PHONY: bench

bench: deps
	@SERVER_OPTIONS="-c shared_buffers=1GB" tests/with-server tests/bench/bench

# A backend that runs many tallies, failed and cancelled ones among them, keeps its size.
.PHONY: check-tally check-tally-long

check-tally:
	@tests/with-server tests/tally/steady 400

check-tally-long:
	@tests/with-server tests/tally/steady 10000

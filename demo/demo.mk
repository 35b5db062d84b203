# `make demo`: District 1 in a throw-away server.

.PHONY: demo demo-on demo-stop check-demo check-demo-long

demo: deps
	@demo/demo $(if $(TCP),--tcp)

demo-on:
	@demo/demo --on

demo-stop:
	@demo/demo --stop

check-demo:
	@tests/with-server tests/demo/check_district

# All five months, evening by evening.
check-demo-long:
	@tests/with-server tests/demo/check_replay

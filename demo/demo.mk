# `make demo`: District 1 in a throw-away server.

.PHONY: demo demo-stop check-demo

demo: deps
	@demo/demo $(if $(TCP),--tcp)

demo-stop:
	@demo/demo --stop

check-demo:
	@tests/with-server tests/demo/check_district

# `make demo`: District 1 in a throw-away server.

.PHONY: demo demo-stop

demo: deps
	@demo/demo $(if $(TCP),--tcp)

demo-stop:
	@demo/demo --stop

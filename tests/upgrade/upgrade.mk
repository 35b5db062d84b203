# Maps and extensions of earlier versions, brought forward.
.PHONY: check-upgrade

check-upgrade:
	@tests/with-server tests/upgrade/check

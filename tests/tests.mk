# Every kind of check. `make check` is what CI runs; `make deps` installs what all of this needs.

.PHONY: deps check check-house check-build check-unit check-regress check-readme check-bare

deps:
	@tests/deps

CHECKS = check-house check-build check-unit check-regress check-isolation check-reference check-readme check-demo \
	check-points check-tally check-map check-tiles check-upgrade check-intake check-load check-hostile check-roles check-policies check-judge check-disclosure

check: deps
	@set -e; for part in $(CHECKS); do \
		echo "== $$part"; \
		$(MAKE) --no-print-directory $$part; \
	done
	@set -e; passed=$(words $(CHECKS)); skipped=0; \
	if $(clients-are-there); then \
		echo "== check-clients"; $(MAKE) --no-print-directory check-clients; passed=$$((passed + 1)); \
	else \
		echo "== check-clients: NOT RUN, $(CLIENT_PACKAGES) are not installed; make check-clients installs them"; skipped=$$((skipped + 1)); \
	fi; \
	if ! $(bulletin-can-be-opened); then \
		echo "== check-bulletin: NOT RUN, $(BULLETIN_PACKAGES) and npm are not installed; make check-bulletin installs them"; skipped=$$((skipped + 1)); \
	elif ! $(MAKE) -s --no-print-directory $(BULLETIN)/installed-tests; then \
		echo "== check-bulletin: NOT RUN, the page's libraries could not be fetched (see above)"; skipped=$$((skipped + 1)); \
	else \
		echo "== check-bulletin"; $(MAKE) --no-print-directory check-bulletin; passed=$$((passed + 1)); \
	fi; \
	echo "$$passed passed, 0 failed, $$skipped skipped"

check-house:
	@tests/house/check

# No code of ours may end the server's process: flex, for one, would call exit().
check-build:
	@$(MAKE) --no-print-directory WERROR=1 with_llvm=no all
	@! nm -D --undefined-only georisk.so | grep -wE '_?exit|abort'

check-regress:
	@mkdir -p build/regress
	@tests/with-server tests/regress $(REGRESS)

# Every statement of the README and of the tutorials, as printed there.
check-readme:
	@tests/with-server tests/readme/check
	@tests/with-server tests/readme/check docs/qgis.md
	@tests/with-server tests/readme/check docs/announce.md
	@tests/with-server tests/readme/check docs/publishing.md
	@tests/with-server tests/readme/check docs/roles.md
	@tests/with-server tests/readme/check docs/count-classes.md
	@tests/with-server tests/readme/check docs/comparing-policies.md
	@tests/with-server tests/readme/check docs/case-clusters.md
	@tests/with-server tests/readme/check docs/decree-to-policy.md
	@tests/with-server tests/readme/check docs/testing-policies.md

# The README's two commands on a minimal Debian 12; needs root, takes some minutes.
check-bare:
	@tests/bare/check

include tests/unit/unit.mk tests/isolation/isolation.mk tests/points/points.mk tests/tally/tally.mk tests/map/map.mk tests/tiles/tiles.mk tests/upgrade/upgrade.mk tests/clients/clients.mk tests/hostile/hostile.mk tests/roles/roles.mk \
	tests/intake/intake.mk tests/load/load.mk tests/judge/judge.mk tests/policies/policies.mk tests/bench/bench.mk tests/disclosure/disclosure.mk docs/docs.mk

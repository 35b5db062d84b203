# `make bulletin MAP=district1 DAY=2021-09-06`: a page for a committee, with PUBLIC=1 for everyone, from the demo's server or the one that PG* names.

.PHONY: bulletin check-bulletin

BULLETIN          = build/bulletin
BULLETIN_SRC      = $(wildcard bulletin/*.mjs bulletin/src/*)
BULLETIN_PACKAGES = chromium poppler-utils

bulletin: $(BULLETIN)/write.mjs
	@bulletin/bulletin "$$MAP" "$$DAY"

# The libraries by the lock file, without their install scripts; without those that only tests need.
$(BULLETIN)/installed: bulletin/package.json bulletin/package-lock.json
	@command -v node >/dev/null && command -v npm >/dev/null || tests/deps nodejs npm
	@mkdir -p $(BULLETIN) && cp $^ $(BULLETIN)
	@echo "fetching the page's libraries (npm, once)"
	@cd $(BULLETIN) && npm ci --omit=dev --ignore-scripts --no-audit --no-fund --loglevel=error >npm.log 2>&1 || { \
		cat npm.log >&2; echo "npm could not fetch the libraries that bulletin/package-lock.json names; it needs the npm registry once." >&2; exit 1; }
	@touch $@

$(BULLETIN)/write.mjs: $(BULLETIN)/installed $(BULLETIN_SRC)
	@node bulletin/build.mjs $(BULLETIN)

# What opens the page in a browser comes on top of that; `make check` runs this only where chromium is there already.
$(BULLETIN)/installed-tests: $(BULLETIN)/installed
	@cd $(BULLETIN) && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >npm.log 2>&1 || { cat npm.log >&2; exit 1; }
	@touch $@

check-bulletin: deps
	@tests/deps $(BULLETIN_PACKAGES)
	@$(MAKE) -s --no-print-directory $(BULLETIN)/installed-tests $(BULLETIN)/write.mjs
	@tests/with-server tests/bulletin/check

bulletin-can-be-opened = dpkg-query -W -f '$${Status}\n' $(BULLETIN_PACKAGES) 2>/dev/null | grep -c 'ok installed' | grep -qx 2 \
	&& command -v npm >/dev/null

# Vector tiles, decoded and compared with the view.
.PHONY: check-tiles

check-tiles: build/district1/zones.csv
	@PYTHONDONTWRITEBYTECODE=1 tests/with-server tests/tiles/check_tiles build/district1/zones.csv

# `make check-clients`: QGIS, QGIS Server and GDAL open a map. QGIS is a large package, so `make check` does this only where
# it is there already.

CLIENT_PACKAGES = gdal-bin python3-gdal python3-qgis qgis-server libxml2-utils

.PHONY: check-clients check-picture

check-clients: deps
	@tests/deps $(CLIENT_PACKAGES)
	@tests/with-server tests/clients/check_clients
	@tests/with-server tests/clients/check_views

clients-are-there = dpkg-query -W -f '$${Status}\n' $(CLIENT_PACKAGES) 2>/dev/null | grep -c 'ok installed' | grep -qx $(words $(CLIENT_PACKAGES))

# The pictures of the README and the tutorial: drawn by QGIS, and by QGIS Desktop on a screen that nobody sees.
check-picture: deps
	@tests/deps $(CLIENT_PACKAGES) qgis xvfb xauth
	@mkdir -p docs/images
	@RENDER=docs/images/district1.png tests/with-server tests/clients/check_clients
	@tests/with-server tests/clients/draw_windows docs/images

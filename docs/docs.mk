# The reference page is made from COMMENT ON; `make check` fails where it is out of date.

.PHONY: reference check-reference

reference: deps
	@mkdir -p build
	@tests/with-server docs/make-reference > build/reference.md && mv build/reference.md docs/reference.md

check-reference:
	@mkdir -p build
	@tests/with-server docs/make-reference > build/reference.md
	@diff -u docs/reference.md build/reference.md || { echo "docs/reference.md is out of date: run make reference" >&2; exit 1; }

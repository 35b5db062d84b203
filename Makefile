# Two commands: `make demo` and `make check`. Each sets up what it needs; see README.md.

EXTENSION  = georisk
EXTVERSION = $(shell sed -n "s/^default_version *= *'\(.*\)'/\1/p" georisk.control)
MODULE_big = georisk

# Rooms in the order of the house; a lower one never includes a higher one.
ROOMS      = where what rule map show
GENERATED  = extension/rule/policy_gram.c extension/rule/policy_scan.c
SOURCES    = $(sort $(wildcard extension/*.c $(ROOMS:%=extension/%/*.c)) $(wildcard $(GENERATED:.c=.[yl]) ))
OBJS       = $(sort $(addsuffix .o,$(basename $(SOURCES))))
HDRS       = $(wildcard extension/*.h extension/*/*.h)

# The install script: parts in the order in which one needs another.
PARTS = $(addprefix extension/,georisk.sql show_progress.sql clean_text.sql \
	where/crs_definition.sql where/zone_index.sql where/zone_neighbours.sql where/zone_shapes.sql where/check_zones.sql \
	what/epicurve.sql what/tally.sql what/case_clusters.sql \
	rule/risk_tier.sql rule/risk_policy.sql rule/tier_tells.sql rule/value_series.sql rule/zone_profile.sql rule/verdict.sql \
	rule/judge.sql rule/classify_check.sql rule/classify.sql rule/classify_around.sql rule/compare_policies.sql rule/case_clusters.sql \
	map/map_comments.sql map/place_report.sql map/settle_reports.sql map/shown_set.sql \
	map/zone_tables.sql map/report_tables.sql map/placement.sql map/zone_crosswalk.sql \
	map/fold_text.sql map/read_day.sql map/read_number.sql map/zone_alias.sql map/intake_tables.sql \
	map/read_reports.sql map/submit_reports.sql map/reporting.sql \
	map/report_past.sql map/zone_neighbour.sql map/zone_shape.sql map/completeness.sql map/measure.sql map/layer_part.sql map/layer.sql \
	map/tier_change.sql map/decision.sql map/in_force.sql map/assess.sql map/zones_around.sql map/zone_risk_at.sql map/announce.sql map/publication.sql map/published_count.sql map/count_class.sql map/zone_risk_public.sql map/tier_at.sql map/zone_risk.sql map/explain_zone.sql map/compare_layer.sql map/map_views.sql map/add_layer.sql map/notify_listeners.sql \
	map/protection.sql map/role_grant.sql map/grant_role.sql map/create_map.sql \
	map/reduce_reports.sql map/erase_report.sql map/report_dossier.sql map/set_day.sql map/activate_zones.sql map/import_zones.sql map/missing_objects.sql map/upgrade_map.sql \
	map/verify_zones.sql map/verify_reports.sql map/verify_records.sql map/verify_objects.sql map/verify_counts.sql map/verify_protection.sql map/verify_roles.sql map/verify.sql \
	map/rebuild.sql map/drop_map.sql \
	show/qgis_symbol.sql show/qgis_style.sql show/install_qgis_style.sql show/qgis_project.sql show/risk_tile.sql \
	show/tier_legend.sql show/export_source.sql show/risk_geojson.sql show/risk_kml.sql show/risk_public.sql show/role_right.sql)
DATA_built  = georisk--$(EXTVERSION).sql georisk--0.1.0--$(EXTVERSION).sql
EXTRA_CLEAN = georisk--*.sql build $(GENERATED) extension/rule/policy_gram.h extension/rule/shipped_policies.inc

REGRESS = $(patsubst sql/%.sql,%,$(sort $(wildcard sql/*.sql)))

# Bitcode is built from CPPFLAGS alone, and a contracted multiply-add would break exact predicates there too.
GEOS_CONFIG ?= geos-config
PG_CPPFLAGS  = -ffp-contract=off $(shell $(GEOS_CONFIG) --cflags 2>/dev/null)
PG_CFLAGS    = -Wno-declaration-after-statement -fvisibility=hidden $(if $(WERROR),$(STRICT))
STRICT       = -Wall -Wextra -Werror -Wno-unused-parameter -Wno-sign-compare -Wno-missing-field-initializers \
	-Wframe-larger-than=16384
SHLIB_LINK   = $(shell $(GEOS_CONFIG) --clibs 2>/dev/null)

# Our own commands stand in their own files and call make again for what PGXS does: PGXS has a `check` too,
# and on a bare machine it is not there yet.
ifneq ($(filter deps demo% bulletin check% bench% reference build/%,$(MAKECMDGOALS)),)
include tests/tests.mk demo/demo.mk bulletin/bulletin.mk extension/rule/policy.mk
else
PG_CONFIG ?= pg_config
PGXS      := $(shell $(PG_CONFIG) --pgxs)
include $(PGXS)

georisk--$(EXTVERSION).sql: $(PARTS) georisk.control
	cat $(PARTS) > $@

# The step from an earlier version: whatever is new in the install script, and what was written by hand.
georisk--%--$(EXTVERSION).sql: extension/update/make_update.awk tests/upgrade/georisk--%.sql extension/update/%.sql georisk--$(EXTVERSION).sql
	awk -f $< -v old=$* $(wordlist 2,4,$^) > $@

$(OBJS) $(OBJS:.o=.bc): $(HDRS)

include extension/rule/policy.mk
endif

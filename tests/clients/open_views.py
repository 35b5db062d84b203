#!/usr/bin/python3
"""Opens every view of a map in QGIS by its name alone, as its browser panel does.

    open_views.py CONNECTION SCHEMA VIEW=ROWS:STYLES ...

The views named have so many rows and styles of ours, and there are no others. Each must have an integer key that no other row has, comments on itself and
on its columns, no column of a type that QGIS leaves out, and where it has a polygon or point, its type and SRID; where it
has a window, QGIS's temporal controller is offered it, and a style of ours is loaded where there is one.
"""
import sys

from offscreen import expect, opened, run, tables
from qgis.core import QgsVectorLayerTemporalProperties, QgsWkbTypes

KINDS = {"zone_risk_points": QgsWkbTypes.Point}
WITHOUT_PLACE = {"assessed_day", "data_quality", "layer_public", "own_grant", "own_placement", "own_source", "own_submission", "own_unplaced", "own_zone", "publication_public", "reporting", "risk_timeseries", "tier_legend", "tier_summary", "tile_day_public",
                 "unmatched_places", "zone_count_public", "zone_day", "zone_reporting"}


def check_view(name, view, table, layer, columns, rows):
    kinds = table.geometryColumnTypes()
    expect(table.comment(), "%s has no comment" % name)
    if view in WITHOUT_PLACE:
        expect(not table.geometryColumn(), "%s has a place" % name)
    else:
        kind = KINDS.get(view, QgsWkbTypes.MultiPolygon)
        expect(len(kinds) == 1 and kinds[0].wkbType == kind and kinds[0].crs.postgisSrid() == 4326, "%s: type or SRID is not known" % name)
    if not layer.isValid():
        expect(False, "%s does not open: %s" % (name, layer.error().message()))
        return
    key = [layer.fields()[i].typeName() for i in layer.primaryKeyAttributes()]
    expect(key == ["int4"], "%s: the key is %s" % (name, key))
    shown = [field.name() for field in layer.fields()]
    expect(shown == columns, "%s: QGIS leaves out %s" % (name, set(columns) - set(shown)))
    expect(all(field.comment() for field in layer.fields()), "%s: a column has no comment" % name)
    ids = [feature.id() for feature in layer.getFeatures()]
    expect(len(set(ids)) == len(ids) == rows, "%s: %d features, %d different ids, not %d" % (name, len(ids), len(set(ids)), rows))
    if "window_start" in columns and view != "zone_risk_history":
        time = layer.temporalProperties()
        expect((time.startField(), time.endField()) == ("window_start", "window_end"),
               "%s: the temporal controller is offered %s to %s" % (name, time.startField(), time.endField()))


def check_style(name, view, layer):
    message, loaded = layer.loadDefaultStyle()
    expect(loaded, "%s has no default style: %s" % (name, message))
    expect(layer.renderer().type() == "categorizedSymbol", "%s: the default style is not by tier" % name)
    expect(layer.mapTipTemplate() != "", "%s: nothing under the pointer" % name)
    time = layer.temporalProperties()
    plays = (time.isActive(), time.mode(), time.startField(), time.fixedDuration())
    if view == "zone_risk_history":
        expect(plays == (True, QgsVectorLayerTemporalProperties.ModeFeatureDateTimeInstantFromField, "as_of", 1.0),
               "%s: the temporal controller gets %s" % (name, plays))
    else:
        expect(not time.isActive(), "%s: the temporal controller hides it on other days" % name)


def columns_of(connection, schema, name):
    return [row[0] for row in connection.executeSql(
        "SELECT attname::text FROM pg_attribute WHERE attrelid = format('%%I.%%I', '%s', '%s')::regclass AND attnum > 0 ORDER BY attnum"
        % (schema, name))]


def check():
    connection_text, schema = sys.argv[1:3]
    rows, styles = {}, {}
    for argument in sys.argv[3:]:
        view, counts = argument.split("=")
        rows[view], styles[view] = map(int, counts.split(":"))
    connection, listed = tables(connection_text, schema)
    found = [table.tableName() for table in listed]
    expect(sorted(found) == sorted(rows), "QGIS does not list, or should not, %s" % (set(found) ^ set(rows)))
    for table in listed:
        name = table.tableName()
        view = name[:-len("_dengue")] if name.endswith("_dengue") else name
        columns = [column for column in columns_of(connection, schema, name) if column != table.geometryColumn()]
        layer = opened(connection_text, connection, table)
        check_view(name, view, table, layer, columns, rows.get(name))
        related, _, titles, _, _ = layer.listStylesInDatabase()  # the other ones come after them
        ours = [title for title in titles[:related] if title.startswith("georisk: ")]
        expect(len(ours) == styles.get(name), "%s: styles %s" % (name, ours))
        if ours and layer.isValid():
            check_style(name, view, layer)


run(check)

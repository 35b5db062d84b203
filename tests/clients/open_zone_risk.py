#!/usr/bin/python3
"""Opens a map's zone_risk in QGIS, without a screen, as a user does who knows nothing but its name.

    open_zone_risk.py CONNECTION VIEW [--features N] [--tiers KEY=COLOR=LABEL ...] [--render FILE.png --title TEXT --note TEXT]

CONNECTION is a libpq string such as "host=/tmp/x/socket dbname=postgres user=reader", VIEW is district1.zone_risk.
Says what is wrong and exits with 1 where the layer is not what QGIS needs: an integer key, polygons with an SRID,
every zone, a default style with the tiers in their colours, named in the legend, and grey for the rest.
"""
import argparse
import collections
import sys

from offscreen import expect, faults, opened, run, tables
from qgis.core import (QgsCategorizedSymbolRenderer, QgsFeature, QgsFillSymbol, QgsGeometry, QgsMapRendererCustomPainterJob,
                       QgsMapSettings, QgsVectorLayer)
from qgis.PyQt.QtCore import QRectF, QSize
from qgis.PyQt.QtGui import QColor, QFont, QImage, QPainter, QPen

GREY = "#bdbdbd"


def check_layer(layer, features):
    expect(layer.isValid(), "the layer is not valid: %s" % layer.error().message())
    key = [layer.fields()[i] for i in layer.primaryKeyAttributes()]
    expect([field.name() for field in key] == ["zone_id"], "the key is %s" % [field.name() for field in key])
    expect([field.typeName() for field in key] == ["int4"], "the key's type is %s" % [field.typeName() for field in key])
    expect(layer.fields().count() == 30, "%d of 30 fields are shown" % layer.fields().count())
    expect(all(field.comment() for field in layer.fields()), "a field has no comment")
    if features is not None:
        expect(layer.featureCount() == features, "%d features instead of %d" % (layer.featureCount(), features))
        ids = {feature.id() for feature in layer.getFeatures()}
        expect(len(ids) == features, "%d different feature ids" % len(ids))


def check_style(layer, tiers):
    message, loaded = layer.loadDefaultStyle()
    expect(loaded, "no default style: %s" % message)
    renderer = layer.renderer()
    if not isinstance(renderer, QgsCategorizedSymbolRenderer):
        faults.append("the style is not categorised")
        return
    expect(renderer.classAttribute() == "tier", "the style goes by %s" % renderer.classAttribute())
    shown = [(str(category.value() or ""), category.symbol().color().name(), category.label())
             for category in renderer.categories()]
    if tiers:
        expect(shown[:-1] == tiers, "the legend is %s" % shown)
        expect(shown[-1][:2] == ("", GREY) and shown[-1][2], "unknown is shown as %s" % (shown[-1],))


def outlines(layer):
    """The parents of the zones, as lines over them: drawn from the same view."""
    parts = collections.defaultdict(list)
    for feature in layer.getFeatures():
        parts[feature["parent_code"]].append(feature.geometry())
    drawn = QgsVectorLayer("MultiPolygon?crs=%s" % layer.crs().authid(), "outlines", "memory")
    for geometries in parts.values():
        feature = QgsFeature()
        feature.setGeometry(QgsGeometry.unaryUnion(geometries))
        drawn.dataProvider().addFeatures([feature])
    drawn.updateExtents()
    drawn.renderer().setSymbol(QgsFillSymbol.createSimple(
        {"style": "no", "outline_color": "40,40,40", "outline_width": "0.4", "outline_width_unit": "MM"}))
    return drawn


def letter(painter, pixels, bold=False):
    font = QFont("sans-serif")
    font.setPixelSize(pixels)
    font.setBold(bold)
    painter.setFont(font)


def draw_legend(painter, layer, left, top, title, stamp):
    counts = collections.Counter(feature["tier"] for feature in layer.getFeatures())
    painter.setPen(QColor("black"))
    letter(painter, 19, bold=True)
    painter.drawText(left, top, title)
    letter(painter, 14)
    for category in layer.renderer().categories():
        count = counts["unknown" if category.value() in (None, "") else category.value()]
        top += 27
        color = QColor(category.symbol().color())
        color.setAlphaF(category.symbol().opacity())
        painter.setPen(QPen(QColor(130, 130, 130), 1))
        painter.setBrush(color)
        painter.drawRect(QRectF(left, top - 14, 26, 17))
        painter.setPen(QColor("black"))
        painter.drawText(left + 36, top, "%s (%d)" % (category.label(), count))
    letter(painter, 13)
    painter.setPen(QColor(90, 90, 90))
    for line in stamp:
        top += 20
        painter.drawText(left, top + 10, line)


def render(layer, path, title, note):
    """The map on the left, what its colours mean in the corner that the district leaves free."""
    width = 1000
    extent = layer.extent()
    extent.scale(1.03)
    image = QImage(QSize(width, round(width * extent.height() / extent.width())), QImage.Format_ARGB32)
    image.fill(QColor("white"))
    settings = QgsMapSettings()
    parents = outlines(layer)  # the settings do not keep it alive
    settings.setLayers([parents, layer])
    settings.setDestinationCrs(layer.crs())
    settings.setBackgroundColor(QColor("white"))
    settings.setExtent(extent)
    settings.setOutputSize(image.size())
    painter = QPainter(image)
    painter.setRenderHint(QPainter.Antialiasing)
    job = QgsMapRendererCustomPainterJob(settings, painter)
    job.start()
    job.waitForFinished()
    any_zone = next(layer.getFeatures())
    stamp = ["as of %s" % any_zone["window_end"].toString("yyyy-MM-dd"), "policy %s" % any_zone["policy"], note]
    draw_legend(painter, layer, round(width * 0.63), round(image.height() * 0.78), title, stamp)
    painter.end()
    expect(image.save(path), "cannot write %s" % path)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("connection")
    parser.add_argument("view")
    parser.add_argument("--features", type=int)
    parser.add_argument("--tiers", nargs="*", default=[], help="mildest first")
    parser.add_argument("--render", metavar="FILE.png")
    parser.add_argument("--title", default="")
    parser.add_argument("--note", default="")
    arguments = parser.parse_args()
    schema, view = arguments.view.split(".")

    connection, listed = tables(arguments.connection, schema)
    layer = opened(arguments.connection, connection, next(table for table in listed if table.tableName() == view))
    check_layer(layer, arguments.features)
    check_style(layer, [tuple(tier.split("=")) for tier in arguments.tiers])
    if arguments.render:
        render(layer, arguments.render, arguments.title, arguments.note)


run(main)

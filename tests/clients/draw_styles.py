#!/usr/bin/python3
"""Draws a table of squares in each of our styles, and compares the pixels inside each square with the legend.

    draw_styles.py CONNECTION SCHEMA TABLE

The legend's entry that a square must have stands in its column expect_tier, expect_rate, expect_change or expect_in_force.
"""
import sys

from offscreen import alike, blended, drawn, expect, main_color, opened, run, tables
from qgis.PyQt.QtXml import QDomDocument

STYLES = {"georisk: tier": "expect_tier", "georisk: cases per 100,000": "expect_rate",
          "georisk: change since the last assessment": "expect_change", "georisk: computed against in force": "expect_in_force"}
SIDE = 40  # pixels of a square


def styled(layer, number):
    xml, error = layer.getStyleFromDatabase(number)
    document = QDomDocument()
    expect(document.setContent(xml)[0], "style %s is not XML: %s" % (number, error))
    message, loaded = layer.importNamedStyle(document)[::-1]
    expect(loaded, "style %s is not loaded: %s" % (number, message))


def share_of_main(image, center, color):
    inside = [(x, y) for x in range(center[0] - 12, center[0] + 13) for y in range(center[1] - 12, center[1] + 13)]
    return sum(alike(color, main_color(image, place, 0), 2) for place in inside) / len(inside)


def size(extent, side):
    return round(side * extent.width() / 0.002), round(side * extent.height() / 0.002)


def check_labels(layer, title):
    _, _, labels = drawn([layer], layer.crs(), layer.extent(), *size(layer.extent(), 2 * SIDE))
    said = sorted(" ".join(label.split()) for label in labels)
    wanted = sorted(feature["name"] + {0: "", 1: " 1 case", 2: " 2 cases"}[feature["cases"]] for feature in layer.getFeatures())
    expect(said == wanted, "%s: squares of 20 mm are labelled %s" % (title, said))


def check_style(layer, title, column):
    items = layer.renderer().legendSymbolItems()  # they own their symbols
    legend = {item.label(): item.symbol() for item in items}
    colors = {label: blended(symbol) for label, symbol in legend.items()}
    for label in colors:
        twins = [other for other in colors if other != label and alike(colors[label], colors[other])]
        expect(not twins, "%s: %s looks like %s" % (title, label, twins))
    extent = layer.extent()
    image, settings, labels = drawn([layer], layer.crs(), extent, *size(extent, SIDE))
    expect(not labels, "%s: squares of 10 mm have labels" % title)
    seen = set()
    for feature in layer.getFeatures():
        label = feature[column]
        point = settings.mapToPixel().transform(feature.geometry().centroid().asPoint())
        center = (round(point.x()), round(point.y()))
        color = main_color(image, center, 12)
        expect(label in colors, "%s: the legend does not say %s" % (title, label))
        expect(label in colors and alike(color, colors[label]), "%s: %s is %s, not %s as %s" % (
            title, feature["code"], color, colors.get(label), label))
        marked = len(legend[label].symbolLayers()) > 1 if label in legend else False
        expect((share_of_main(image, center, color) < 0.95) == marked, "%s: %s is %smarked" % (title, label, "not " if marked else ""))
        seen.add(label)
    expect(seen == set(colors), "%s: nothing is %s" % (title, set(colors) - seen))


def check():
    connection_text, schema, name = sys.argv[1:]
    connection, listed = tables(connection_text, schema)
    layer = opened(connection_text, connection, next(table for table in listed if table.tableName() == name))
    related, numbers, titles, _, _ = layer.listStylesInDatabase()
    expect(set(titles[:related]) == set(STYLES), "styles %s" % titles[:related])
    for number, title in list(zip(numbers, titles))[:related]:
        styled(layer, number)
        check_style(layer, title, STYLES[title])
        check_labels(layer, title)


run(check)

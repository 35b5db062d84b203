#!/usr/bin/python3
"""Opens a map's project in QGIS: every layer is there, styled, and draws again when the map tells it to, and only then.

    open_project.py PROJECT.qgs MAP LAYERS COMMAND TELLING

LAYERS is how many layers it must have. Of the two shell commands the first is about another map, the second about this one.
"""
import subprocess
import sys

from offscreen import alike, blended, drawn, expect, main_color, run
from qgis.core import QgsCoordinateTransform, QgsProject
from qgis.PyQt.QtCore import QEventLoop, QTimer


def check_layers(project, name, count):
    layers = [node.layer() for node in project.layerTreeRoot().findLayers()]
    expect(len(layers) == count, "%d layers instead of %d" % (len(layers), count))
    for layer in layers:
        title = layer.shortName()
        if not layer.isValid():
            expect(False, "%s does not open: %s" % (title, layer.error().message()))
            continue
        expect(layer.isRefreshOnNotifyEnabled() and layer.refreshOnNotifyMessage() == name, "%s does not listen" % title)
        expect(layer.readOnly(), "%s can be edited" % title)
        expect(layer.abstract(), "%s does not say what it is" % title)
        if layer.isSpatial():
            expect(layer.crs().isValid(), "%s: where is it?" % title)
            expect(layer.renderer().type() in ("categorizedSymbol", "RuleRenderer"), "%s has no style of ours" % title)
            for style in layer.styleManager().styles():
                expect(style.startswith("georisk: "), "%s has a style %s" % (title, style))
    shown = sorted(node.layer().shortName() for node in project.layerTreeRoot().findLayers() if node.isVisible())
    expect(shown == ["parent_risk", "zone_risk"], "shown at first are %s" % shown)
    history = project.mapLayersByShortName("zone_risk_history")[0]
    days = sorted({feature["as_of"] for feature in history.getFeatures()})
    time = project.timeSettings().temporalRange()
    expect(history.temporalProperties().isActive(), "history does not move")
    expect((time.begin().date(), time.end().date()) == (days[0], days[-1]), "the temporal controller plays %s" % time)


def check_picture(project):
    """What is drawn at first: the zones' tiers, with the borders of their parents over them."""
    layers = [node.layer() for node in project.layerTreeRoot().findLayers() if node.isVisible()]
    zones = project.mapLayersByShortName("zone_risk")[0]
    colors = {category.value() or "unknown": blended(category.symbol()) for category in zones.renderer().categories()}
    transform = QgsCoordinateTransform(zones.crs(), project.crs(), project)
    extent = transform.transformBoundingBox(zones.extent())
    image, settings, labels = drawn(layers, project.crs(), extent, 800, round(800 * extent.height() / extent.width()))
    for feature in zones.getFeatures():
        point = settings.mapToPixel().transform(transform.transform(feature.geometry().centroid().asPoint()))
        color = main_color(image, (round(point.x()), round(point.y())), 15)
        expect(alike(color, colors[feature["tier"]]), "%s is drawn %s, not %s" % (feature["code"], color, colors[feature["tier"]]))
    expect(any("Phường" in label for label in labels), "no parent has its name: %s" % labels)


def check_refresh(project, other, telling):
    zones = project.mapLayersByShortName("zone_risk")[0]
    repaints = []
    waiting = QEventLoop()
    zones.repaintRequested.connect(lambda *_: (repaints.append(1), waiting.quit()))
    QTimer.singleShot(30000, waiting.quit)
    # QGIS takes them one by one, in order: the other map's is not what this layer waits for
    subprocess.run(other, shell=True, check=True, stdout=subprocess.DEVNULL)
    subprocess.run(telling, shell=True, check=True, stdout=subprocess.DEVNULL)
    waiting.exec_()
    expect(len(repaints) == 1, "the layer draws again %d times" % len(repaints))


def check():
    path, name, count, other, telling = sys.argv[1:]
    project = QgsProject.instance()
    expect(project.read(path), "the project cannot be read: %s" % project.error())
    expect(project.crs().authid() == "EPSG:3857", "degrees are drawn in %s" % project.crs().authid())
    check_layers(project, name, int(count))
    check_picture(project)
    check_refresh(project, other, telling)


run(check)

"""Run by QGIS Desktop (--code): waits until the map is drawn, saves a picture of the window and ends.

The environment says which: PICTURE is the file; LAYER, where there is no project, the connection and SCHEMA.VIEW of a layer to add;
STYLE the end of the name of one of its styles; SCALE, where not all is to be seen.
"""
import os

from qgis.core import QgsDataSourceUri, QgsProject, QgsVectorLayer, QgsWkbTypes
from qgis.PyQt.QtCore import QTimer
from qgis.PyQt.QtWidgets import QDockWidget
from qgis.PyQt.QtXml import QDomDocument
from qgis.utils import iface


def add_layer(connection, view, style):
    schema, name = view.split(".")
    uri = QgsDataSourceUri(connection)
    uri.setDataSource(schema, name, "geom", "", "zone_id")
    uri.setSrid("4326")
    uri.setWkbType(QgsWkbTypes.MultiPolygon)
    layer = QgsVectorLayer(uri.uri(False), name, "postgres")
    related, numbers, titles, _, _ = layer.listStylesInDatabase()
    for number, title in list(zip(numbers, titles))[:related]:
        if style and title.endswith(style):
            document = QDomDocument()
            document.setContent(layer.getStyleFromDatabase(number)[0])
            layer.importNamedStyle(document)
    QgsProject.instance().addMapLayer(layer)


def arrange():
    window = iface.mainWindow()
    window.resize(1280, 860)
    for dock in window.findChildren(QDockWidget):
        dock.setVisible(dock.objectName() == "Layers")
        if dock.objectName() == "Layers":
            window.resizeDocks([dock], [310], 1)
    if "LAYER" in os.environ:
        connection, _, view = os.environ["LAYER"].rpartition(" ")
        add_layer(connection, view, os.environ.get("STYLE"))
    canvas = iface.mapCanvas()
    zones = [layer for layer in QgsProject.instance().mapLayers().values() if "zone_risk" in (layer.name(), layer.shortName())]
    iface.setActiveLayer(zones[0])
    iface.zoomToActiveLayer()
    if "SCALE" in os.environ:
        canvas.zoomScale(float(os.environ["SCALE"]))
    iface.messageBar().clearWidgets()
    canvas.refresh()
    QTimer.singleShot(500, drawn)


def drawn():
    if iface.mapCanvas().isDrawing():
        QTimer.singleShot(500, drawn)
        return
    iface.messageBar().clearWidgets()
    saved = iface.mainWindow().grab().save(os.environ["PICTURE"])
    os._exit(0 if saved else 1)


QTimer.singleShot(4000, arrange)  # the start-up reads and clears settings after this

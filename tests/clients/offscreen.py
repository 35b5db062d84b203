"""QGIS without a screen, and the layer that a double click on a view in its browser panel opens."""
import os
import shutil
import sys
import tempfile

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
runtime = os.environ["XDG_RUNTIME_DIR"] = tempfile.mkdtemp()  # Qt wants one of its own

from qgis.core import (QgsApplication, QgsDataSourceUri, QgsExpressionContext, QgsExpressionContextUtils,
                       QgsMapRendererParallelJob, QgsMapSettings, QgsProviderRegistry, QgsVectorLayer)
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor

faults = []


def expect(holds, what):
    if not holds:
        faults.append(what)


def tables(connection_text, schema):
    """What the browser panel lists."""
    metadata = QgsProviderRegistry.instance().providerMetadata("postgres")
    connection = metadata.createConnection(connection_text + " estimatedmetadata=false", {})
    return connection, sorted(connection.tables(schema), key=lambda table: table.tableName())


def opened(connection_text, connection, table):
    """The layer of a table, by what the browser knows of it: its key is the first column."""
    schema, name = table.schema(), table.tableName()
    uri = QgsDataSourceUri(connection_text)
    uri.setDataSource(schema, name, table.geometryColumn(), "", connection.fields(schema, name)[0].name())
    if table.geometryColumn():
        kind = table.geometryColumnTypes()[0]
        uri.setSrid(str(kind.crs.postgisSrid()))
        uri.setWkbType(kind.wkbType)
    return QgsVectorLayer(uri.uri(False), name, "postgres")


def drawn(layers, crs, extent, width, height, dpi=96):
    """A picture of the layers, its settings and the texts of its labels, with the variables that the main window gives expressions."""
    settings = QgsMapSettings()
    settings.setLayers(layers)
    settings.setDestinationCrs(crs)
    settings.setBackgroundColor(QColor("white"))
    settings.setOutputSize(QSize(width, height))
    settings.setOutputDpi(dpi)
    settings.setExtent(extent)
    context = QgsExpressionContext()
    context.appendScope(QgsExpressionContextUtils.globalScope())
    context.appendScope(QgsExpressionContextUtils.mapSettingsScope(settings))
    settings.setExpressionContext(context)
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    for error in job.errors():
        expect(False, "drawing: %s" % error.message)
    labels = [label.labelText for label in job.takeLabelingResults().labelsWithinRect(extent)]
    return job.renderedImage(), settings, labels


def blended(symbol):
    """A symbol's colour as it comes out on white."""
    color, opacity = symbol.color(), symbol.opacity()
    return tuple(round(opacity * part + (1 - opacity) * 255) for part in (color.red(), color.green(), color.blue()))


def main_color(image, center, radius):
    """The colour of most pixels around a place: a hatch, a sign or a label over it is not the area's."""
    counts = {}
    for x in range(center[0] - radius, center[0] + radius + 1):
        for y in range(center[1] - radius, center[1] + radius + 1):
            color = QColor(image.pixel(x, y))
            part = (color.red(), color.green(), color.blue())
            counts[part] = counts.get(part, 0) + 1
    return max(counts, key=counts.get)


def alike(one, other, tolerance=6):
    return all(abs(a - b) <= tolerance for a, b in zip(one, other))


def run(check):
    """Starts QGIS, runs the check, and ends with the faults that were found."""
    QgsApplication.setPrefixPath("/usr", True)
    application = QgsApplication([], False)
    application.initQgis()
    check()
    shutil.rmtree(runtime, ignore_errors=True)
    for fault in faults:
        print("QGIS: %s" % fault, file=sys.stderr)
    sys.stderr.flush()
    # layers may outlive the application, and QGIS crashes on that at exit
    os._exit(1 if faults else 0)

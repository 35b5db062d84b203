#!/usr/bin/python3
"""Publishes a map's project by QGIS Server, a request at a time as a CGI program, and compares what it answers with the table.

    ask_server.py PROJECT.qgs ZONES

ZONES is a file of code, longitude, latitude, colour and reason of each zone, tab-separated.
"""
import json
import os
import subprocess
import sys
import urllib.parse
import xml.etree.ElementTree

from offscreen import alike, expect, main_color, run
from qgis.PyQt.QtGui import QColor, QImage

SERVER = "/usr/lib/cgi-bin/qgis_mapserv.fcgi"
OPACITY = 0.8
BOX = (106.0, 9.999, 106.016, 10.003)
WIDTH, HEIGHT = 800, 200


def ask(project, kind, **parameters):
    query = urllib.parse.urlencode({"SERVICE": "WMS", "VERSION": "1.3.0", "REQUEST": "Get" + kind, **parameters})
    environment = dict(os.environ, QGIS_PROJECT_FILE=project, QUERY_STRING=query, REQUEST_METHOD="GET",
                       SERVER_NAME="localhost", SERVER_PORT="80", SCRIPT_NAME="/qgis", QGIS_SERVER_LOG_STDERR="0")
    answer = subprocess.run([SERVER], env=environment, capture_output=True, check=True, timeout=120).stdout
    head, _, body = answer.partition(b"\r\n\r\n" if b"\r\n\r\n" in answer else b"\n\n")
    expect(b"Status: 4" not in head and b"Status: 5" not in head, "%s: %s %s" % (kind, head, body[:300]))
    return body


def picture(project, kind, **parameters):
    image = QImage.fromData(ask(project, kind, FORMAT="image/png", **parameters))
    expect(not image.isNull(), "%s is no picture" % kind)
    return image


def on_white(color):
    color = QColor(color)
    return tuple(round(OPACITY * part + (1 - OPACITY) * 255) for part in (color.red(), color.green(), color.blue()))


def place(longitude, latitude):
    """Where a point is in the picture; a picture has the sides of its box, so a degree is as long either way."""
    return (round((longitude - BOX[0]) / (BOX[2] - BOX[0]) * WIDTH), round((BOX[3] - latitude) / (BOX[3] - BOX[1]) * HEIGHT))


def check():
    project, path = sys.argv[1:]
    zones = [line.rstrip("\n").split("\t") for line in open(path)]
    frame = {"CRS": "EPSG:4326", "BBOX": "%s,%s,%s,%s" % (BOX[1], BOX[0], BOX[3], BOX[2]), "WIDTH": WIDTH, "HEIGHT": HEIGHT}

    capabilities = xml.etree.ElementTree.fromstring(ask(project, "Capabilities"))
    spaces = {"wms": "http://www.opengis.net/wms"}
    layers = {layer.findtext("wms:Name", None, spaces): [style.text for style in layer.findall("wms:Style/wms:Name", spaces)]
              for layer in capabilities.iterfind(".//wms:Layer", spaces)}
    expect(len(layers.get("zone_risk", ())) == 4, "zone_risk is offered with the styles %s" % layers.get("zone_risk"))

    image = picture(project, "Map", LAYERS="zone_risk", STYLES="", **frame)
    for code, longitude, latitude, color, _ in zones:
        drawn = main_color(image, place(float(longitude), float(latitude)), 15)
        expect(alike(drawn, on_white(color)), "GetMap: %s is %s, not %s" % (code, drawn, on_white(color)))
    other = picture(project, "Map", LAYERS="zone_risk", STYLES=next((s for s in layers.get("zone_risk", [""]) if "100" in s), ""), **frame)
    expect(other != image, "GetMap: another style gives the same picture")

    code, longitude, latitude, _, reason = zones[2]
    column, row = place(float(longitude), float(latitude))
    found = json.loads(ask(project, "FeatureInfo", LAYERS="zone_risk", QUERY_LAYERS="zone_risk", STYLES="", I=column, J=row,
                           INFO_FORMAT="application/json", **frame))["features"]
    told = [(feature["properties"]["code"], feature["properties"]["reason"]) for feature in found]
    expect(told == [(code, reason)], "GetFeatureInfo: %s" % told)

    legend = picture(project, "LegendGraphic", LAYERS="zone_risk", STYLES="")
    seen = {QColor(legend.pixel(x, y)).getRgb()[:3] for x in range(legend.width()) for y in range(legend.height())}
    for color in {zone[3] for zone in zones}:
        expect(any(alike(on_white(color), one) for one in seen), "GetLegendGraphic does not show %s" % color)


run(check)

"""Reads vector tiles (Mapbox Vector Tile 2.1), polygons only."""
import struct


def _varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at


def _fields(data):
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        kind = key & 7
        if kind == 0:
            value, at = _varint(data, at)
        elif kind == 2:
            length, at = _varint(data, at)
            value, at = data[at:at + length], at + length
        else:
            size = {1: 8, 5: 4}[kind]
            value, at = data[at:at + size], at + size
        yield key >> 3, value


def _packed(data):
    at, values = 0, []
    while at < len(data):
        value, at = _varint(data, at)
        values.append(value)
    return values


def _zigzag(value):
    return (value >> 1) ^ -(value & 1)


def _value(data):
    (field, value), = _fields(data)
    return {1: lambda: value.decode(), 2: lambda: struct.unpack("<f", value)[0], 3: lambda: struct.unpack("<d", value)[0],
            4: lambda: value, 5: lambda: value, 6: lambda: _zigzag(value), 7: lambda: bool(value)}[field]()


def _rings(commands):
    rings, ring, x, y, at = [], [], 0, 0, 0
    while at < len(commands):
        command, count = commands[at] & 7, commands[at] >> 3
        at += 1
        if command == 7:
            rings.append(ring)
            ring = []
            continue
        for _ in range(count):
            x += _zigzag(commands[at])
            y += _zigzag(commands[at + 1])
            at += 2
            ring.append((x, y))
    assert not ring, "a ring is not closed"
    return rings


def area(ring):
    """The surveyor's formula: above zero for an outer ring."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:] + ring[:1])) / 2


def decode(tile):
    """{layer: {"extent": n, "features": {id: {"rings": [[(x, y), ...], ...], and the properties}}}}"""
    layers = {}
    for number, data in _fields(tile):
        assert number == 3
        name, extent, keys, values, features = None, 4096, [], [], []
        for field, value in _fields(data):
            if field == 1:
                name = value.decode()
            elif field == 2:
                features.append(value)
            elif field == 3:
                keys.append(value.decode())
            elif field == 4:
                values.append(_value(value))
            elif field == 5:
                extent = value
            elif field == 15:
                assert value == 2, "version %d" % value
        found = {}
        for feature in features:
            parts = dict(_fields(feature))
            assert parts[3] == 3, "not a polygon"
            tags = _packed(parts.get(2, b""))
            assert parts[1] not in found, "feature %d comes twice" % parts[1]
            found[parts[1]] = {keys[k]: values[v] for k, v in zip(tags[::2], tags[1::2])}
            found[parts[1]]["rings"] = _rings(_packed(parts[4]))
        layers[name] = {"extent": extent, "features": found}
    return layers

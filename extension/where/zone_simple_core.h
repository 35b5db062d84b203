/*
 * Whether a zone is a valid polygon beyond doubt: no two edges of its rings meet but where one
 * follows the other, holes lie in their shells, and nothing lies in anything else. Most zones are
 * so. Of the others, which may be valid or not, GEOS knows the rules.
 */
#ifndef GEORISK_ZONE_SIMPLE_CORE_H
#define GEORISK_ZONE_SIMPLE_CORE_H

#include "wkb_rings.h"

extern bool zone_is_simple(const wkb_rings *rings);

#endif

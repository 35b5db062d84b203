/* Stored bytes are not trusted: what must hold before anything of a zone_index is used. */
#ifndef GEORISK_ZONE_CHECK_CORE_H
#define GEORISK_ZONE_CHECK_CORE_H

#include "zone_index_layout.h"

/* Each says what is wrong and returns false; `zone_index_check` is all of them. */
extern bool zone_check_header(const zone_index *header, size_t size, pure_error *error);
extern bool zone_check_block(const zone_index *header, const index_block *block, pure_error *error);
extern bool zone_check_edge(const zone_index *header, const index_edge *edge, pure_error *error);

extern bool zone_check_failed(pure_error *error, const char *detail);

#endif

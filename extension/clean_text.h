/* Text compared as people mean it: codes, aliases and household names, whoever typed them. */
#ifndef GEORISK_CLEAN_TEXT_H
#define GEORISK_CLEAN_TEXT_H

#include "georisk.h"

/* In Unicode's composed form (NFC), without white space around it; `value` itself where it is so
 * already. */
extern text *clean_text(text *value);

/* The same for bytes: a part of them, or a new piece of memory. */
extern void clean_bytes(const char **bytes, size_t *length);

#endif

/* Text compared as people mean it: codes and household names, whoever typed them. */
#ifndef GEORISK_CLEAN_TEXT_H
#define GEORISK_CLEAN_TEXT_H

#include "../georisk.h"

/* In Unicode's composed form (NFC), without white space around it; `value` itself where it is so
 * already. */
extern text *clean_text(text *value);

#endif

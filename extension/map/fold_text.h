/* Names of places as people vary them: two that fold alike are the same name. */
#ifndef GEORISK_FOLD_TEXT_H
#define GEORISK_FOLD_TEXT_H

#include "../georisk.h"

extern text *fold_text(text *value);

#endif

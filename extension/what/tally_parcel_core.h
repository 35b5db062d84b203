/*
 * A tally on its way from one process to another: the counts side by side as they lie, a byte each
 * where that is enough. Never kept: who gets one adds it to a counter.
 */
#ifndef GEORISK_TALLY_PARCEL_CORE_H
#define GEORISK_TALLY_PARCEL_CORE_H

#include "tally_dense_core.h"

/* False where the value itself is as small, or a parcel would be too large. */
extern bool tally_parcel_size(const tally_counter *counter, size_t *size);
/* After tally_parcel_size. */
extern void tally_parcel_write(const tally_counter *counter, tally *into, size_t size);

/* Whether bytes that are one or the other are to be checked as a parcel. */
extern bool tally_is_marked_parcel(const void *bytes, size_t size);
extern bool tally_parcel_check(const void *bytes, size_t size, pure_error *error);

/* Its counts side by side, where they are. */
extern tally_dense tally_parcel_dense(const tally *parcel);

#endif

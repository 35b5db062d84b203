/* After a statement on reports: which revision of each report counts. */
#ifndef GEORISK_SETTLE_REPORTS_H
#define GEORISK_SETTLE_REPORTS_H

#include "../georisk.h"

/* True while the running UPDATE of `report` is this module's own: it alone may say 'superseded'. */
extern bool settle_reports_is_running(void);

#endif

#include "postgres.h"

#include "report_row.h"

void
report_row_refuse_day(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE), errmsg("day of a report must be finite"),
			 errhint("A day that is not known is NULL.")));
}

void
report_row_refuse_count(int32 n)
{
	ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					errmsg("count of a report must not be negative"), errdetail("It is %d.", n),
					errhint("To take reports back, subtract their epicurve.")));
}

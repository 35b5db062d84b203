#include "postgres.h"

#include "utils/date.h"

#include "report_row.h"

static void
refuse_infinite_day(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE), errmsg("day of a report must be finite"),
			 errhint("A day that is not known is NULL.")));
}

static void
refuse_negative_count(int32 n)
{
	ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					errmsg("count of a report must not be negative"), errdetail("It is %d.", n),
					errhint("To take reports back, subtract their epicurve.")));
}

bool
report_row_read(FunctionCallInfo fcinfo, int at, int32 *day, int32 *n)
{
	bool has_count = PG_NARGS() > at + 1;

	*day = 0;
	*n = 1;
	if (!PG_ARGISNULL(at))
	{
		*day = PG_GETARG_DATEADT(at);
		if (DATE_NOT_FINITE(*day))
			refuse_infinite_day();
	}
	if (has_count && !PG_ARGISNULL(at + 1))
	{
		*n = PG_GETARG_INT32(at + 1);
		if (*n < 0)
			refuse_negative_count(*n);
	}
	return !PG_ARGISNULL(at) && !(has_count && PG_ARGISNULL(at + 1));
}

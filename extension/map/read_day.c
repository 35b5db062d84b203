/* SQL's way to dates by declared formats. */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "pgtime.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/timestamp.h"

#include "../georisk.h"
#include "../what/day_core.h"
#include "day_format_core.h"

static text **
formats_of(ArrayType *array, int *count)
{
	Datum *elements;
	bool *nulls;
	text **formats;

	deconstruct_array(array, TEXTOID, -1, false, TYPALIGN_INT, &elements, &nulls, count);
	formats = palloc(Max(*count, 1) * sizeof(text *));
	for (int i = 0; i < *count; i++)
	{
		if (nulls[i])
			ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
							errmsg("a date format may not be NULL")));
		formats[i] = DatumGetTextPP(elements[i]);
	}
	return formats;
}

/* An instant's day is the one that the clocks of the zone show. */
static bool
local_day(const day_reading *reading, text *timezone, DateADT *day)
{
	pg_tz *zone;
	pg_time_t instant;
	struct pg_tm *there;

	*day = reading->day;
	if (!reading->has_zone)
		return true;
	zone = pg_tzset(text_to_cstring(timezone));
	if (zone == NULL)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("time zone \"%s\" is not known", text_to_cstring(timezone))));
	instant = ((pg_time_t) reading->day + POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * SECS_PER_DAY +
			  reading->second - reading->east_of_utc;
	there = pg_localtime(&instant, zone);
	return there != NULL &&
		   day_of_date(there->tm_year + 1900, there->tm_mon + 1, there->tm_mday, day);
}

PG_FUNCTION_INFO_V1(georisk_read_day);

Datum
georisk_read_day(PG_FUNCTION_ARGS)
{
	text *value = PG_GETARG_TEXT_PP(0);
	int count;
	text **formats = formats_of(PG_GETARG_ARRAYTYPE_P(1), &count);
	day_reading reading;
	DateADT day;

	for (int i = 0; i < count; i++)
		if (day_format_read(VARDATA_ANY(formats[i]), VARSIZE_ANY_EXHDR(formats[i]),
							VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value), &reading) &&
			local_day(&reading, PG_GETARG_TEXT_PP(2), &day))
			PG_RETURN_DATEADT(day);
	PG_RETURN_NULL();
}

PG_FUNCTION_INFO_V1(georisk_check_day_formats);

Datum
georisk_check_day_formats(PG_FUNCTION_ARGS)
{
	pure_error error = {0};
	int count;
	text **formats = formats_of(PG_GETARG_ARRAYTYPE_P(0), &count);

	for (int i = 0; i < count; i++)
	{
		if (!day_format_check(VARDATA_ANY(formats[i]), VARSIZE_ANY_EXHDR(formats[i]), &error))
			georisk_raise(&error);
		for (int j = 0; j < i; j++)
			if (day_format_is_twin(VARDATA_ANY(formats[j]), VARSIZE_ANY_EXHDR(formats[j]),
								   VARDATA_ANY(formats[i]), VARSIZE_ANY_EXHDR(formats[i])))
				ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
								errmsg("the date formats \"%s\" and \"%s\" read the same text as "
									   "two different days",
									   text_to_cstring(formats[j]), text_to_cstring(formats[i])),
								errhint("Declare the one that the source means.")));
	}
	PG_RETURN_BOOL(count > 0);
}

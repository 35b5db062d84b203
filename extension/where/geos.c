/*
 * Nothing here registers GEOS's interrupt callback: there is one slot for the whole process and it
 * is PostGIS's, which asks the same question that ours would.
 */
#include "postgres.h"

#include <geos_c.h>

#include "miscadmin.h"

#include "geos.h"

#define TEXT_SIZE 256

typedef enum validity
{
	VALID,
	INVALID, /* reason and place are set */
	FAILED	 /* geos_error is set */
} validity;

typedef struct finding
{
	validity validity;
	char reason[TEXT_SIZE];
	bool has_place;
	double x;
	double y;
} finding;

static GEOSContextHandle_t context = NULL;
static char geos_error[TEXT_SIZE];

/* Called by GEOS from inside a C++ catch block: it may do no more than copy. */
static void
note_error(const char *message, void *unused)
{
	strlcpy(geos_error, message, sizeof(geos_error));
}

static void
ignore_notice(const char *message, void *unused)
{
}

static void
open_context(void)
{
	if (context == NULL)
	{
		context = GEOS_init_r();
		if (context == NULL)
			ereport(ERROR, (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("could not start GEOS")));
		GEOSContext_setErrorMessageHandler_r(context, note_error, NULL);
		GEOSContext_setNoticeMessageHandler_r(context, ignore_notice, NULL);
	}
	geos_error[0] = '\0';
}

static validity
examine_validity(const GEOSGeometry *geometry, finding *found)
{
	char *reason = NULL;
	GEOSGeometry *place = NULL;
	char valid = GEOSisValidDetail_r(context, geometry, 0, &reason, &place);

	if (reason != NULL)
		strlcpy(found->reason, reason, sizeof(found->reason));
	if (place != NULL)
		found->has_place = GEOSGeomGetX_r(context, place, &found->x) == 1 &&
						   GEOSGeomGetY_r(context, place, &found->y) == 1;
	GEOSFree_r(context, reason);
	GEOSGeom_destroy_r(context, place);
	return valid == 1 ? VALID : valid == 0 ? INVALID : FAILED;
}

/* No PostgreSQL error can happen in here, so what GEOS gives is freed on every path. */
static void
examine(const unsigned char *wkb, size_t size, finding *found)
{
	GEOSWKBReader *reader = GEOSWKBReader_create_r(context);
	GEOSGeometry *geometry = NULL;

	memset(found, 0, sizeof(*found));
	found->validity = FAILED;
	if (reader == NULL)
		return;
	geometry = GEOSWKBReader_read_r(context, reader, wkb, size);
	GEOSWKBReader_destroy_r(context, reader);
	if (geometry == NULL)
		return;
	found->validity = examine_validity(geometry, found);
	GEOSGeom_destroy_r(context, geometry);
}

/* A cancelled call ends as the server words it. */
static void
raise_failure(int32 zone_id)
{
	CHECK_FOR_INTERRUPTS();
	if (strstr(geos_error, "InterruptedException") != NULL)
		ereport(ERROR, (errcode(ERRCODE_QUERY_CANCELED),
						errmsg("canceling statement while checking zone %d", zone_id)));
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("zone %d is not a polygon that can be read", zone_id),
			 geos_error[0] != '\0' ? errdetail("%s", geos_error) : 0,
			 errhint("Look at it with ST_IsValidDetail, or list all faults of the zones with "
					 "georisk.check_zones.")));
}

void
geos_check_valid_polygon(const unsigned char *wkb, size_t size, int32 zone_id)
{
	finding found;

	open_context();
	examine(wkb, size, &found);
	switch (found.validity)
	{
		case VALID:
			return;
		case INVALID:
			ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
							errmsg("zone %d is not a valid polygon", zone_id),
							found.has_place ?
								errdetail("%s at (%.15g %.15g).", found.reason, found.x, found.y) :
								errdetail("%s.", found.reason),
							errhint("Repair it with ST_MakeValid; georisk.check_zones lists all "
									"faults of a table of zones.")));
			break;
		case FAILED:
			raise_failure(zone_id);
			break;
	}
}

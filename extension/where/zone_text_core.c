#include <errno.h>
#include <limits.h>

#include "zone_index_build.h"
#include "zone_text_core.h"

typedef struct parser
{
	const char *text;
	const char *at;
	int32_t srid;
	int32_t *ids;
	size_t zones, ids_capacity;
	zone_edge_buffer edges;
	pure_error *error;
} parser;

void
zone_edge_buffer_add(zone_edge_buffer *buffer, const zone_edge *edge)
{
	GROW(buffer->edges, buffer->count, buffer->capacity);
	buffer->edges[buffer->count++] = *edge;
}

static bool
expected(const parser *parser, const char *what)
{
	build_failed(parser->error, PURE_INVALID_TEXT,
				 "It looks like SRID=4326;ZONES(1,2);EDGES(0 0 1 0 1|,0 0 1 1 2|1).",
				 "invalid text for type zone_index");
	if (*parser->at == '\0')
		snprintf(parser->error->detail, sizeof(parser->error->detail),
				 "It ends where there should be %s.", what);
	else
		snprintf(parser->error->detail, sizeof(parser->error->detail),
				 "At character %zu there should be %s.", (size_t) (parser->at - parser->text) + 1,
				 what);
	return false;
}

static void
skip_space(parser *parser)
{
	while (*parser->at == ' ' || *parser->at == '\n' || *parser->at == '\r' || *parser->at == '\t')
		parser->at++;
}

static bool
accept_word(parser *parser, const char *word)
{
	size_t length = strlen(word);

	skip_space(parser);
	if (strncmp(parser->at, word, length) != 0)
		return false;
	parser->at += length;
	return true;
}

static bool
parse_word(parser *parser, const char *word)
{
	return accept_word(parser, word) || expected(parser, word);
}

static bool
parse_integer(parser *parser, int32_t *value)
{
	char *end;
	long number;

	skip_space(parser);
	if (*parser->at != '-' && (*parser->at < '0' || *parser->at > '9'))
		return expected(parser, "a whole number");
	errno = 0;
	number = strtol(parser->at, &end, 10);
	if (end == parser->at || errno != 0 || number < INT32_MIN || number > INT32_MAX)
		return expected(parser, "a whole number of 32 bits");
	parser->at = end;
	*value = (int32_t) number;
	return true;
}

/* The server runs with LC_NUMERIC = C. A number that underflows is as near as a double comes. */
static bool
parse_coordinate(parser *parser, double *value)
{
	char *end;

	skip_space(parser);
	if (strchr("+-.0123456789", *parser->at) == NULL || *parser->at == '\0')
		return expected(parser, "a coordinate");
	*value = strtod(parser->at, &end);
	if (end == parser->at || !isfinite(*value))
		return expected(parser, "a finite coordinate");
	parser->at = end;
	return true;
}

static bool
parse_zones(parser *parser)
{
	do
	{
		int32_t zone_id;

		if (!parse_integer(parser, &zone_id))
			return false;
		GROW(parser->ids, parser->zones, parser->ids_capacity);
		parser->ids[parser->zones++] = zone_id;
	} while (accept_word(parser, ","));
	return true;
}

/* Zones joined by +, or none. */
static bool
parse_side(parser *parser, zone_edge edge)
{
	skip_space(parser);
	if (*parser->at != '-' && (*parser->at < '0' || *parser->at > '9'))
		return true;
	do
	{
		if (!parse_integer(parser, &edge.zone_id))
			return false;
		zone_edge_buffer_add(&parser->edges, &edge);
	} while (accept_word(parser, "+"));
	return true;
}

static bool
parse_edges(parser *parser)
{
	do
	{
		zone_edge forward = {0};
		zone_edge backward = {0};

		pure_check_interrupts();
		if (!parse_coordinate(parser, &forward.ax) || !parse_coordinate(parser, &forward.ay) ||
			!parse_coordinate(parser, &forward.bx) || !parse_coordinate(parser, &forward.by))
			return false;
		backward = (zone_edge){forward.bx, forward.by, forward.ax, forward.ay, 0};
		if (!parse_side(parser, forward) || !parse_word(parser, "|") ||
			!parse_side(parser, backward))
			return false;
	} while (accept_word(parser, ","));
	return true;
}

static bool
parse_all(parser *parser)
{
	if (!parse_word(parser, "SRID=") || !parse_integer(parser, &parser->srid) ||
		!parse_word(parser, ";") || !parse_word(parser, "ZONES(") || !parse_zones(parser) ||
		!parse_word(parser, ")") || !parse_word(parser, ";") || !parse_word(parser, "EDGES(") ||
		!parse_edges(parser) || !parse_word(parser, ")"))
		return false;
	skip_space(parser);
	return *parser->at == '\0' || expected(parser, "the end");
}

zone_index *
zone_text_parse(const char *text, pure_error *error)
{
	parser parser = {text, text, 0, NULL, 0, 0, {NULL, 0, 0}, error};
	zone_index *index = NULL;

	if (parse_all(&parser))
	{
		index = zone_index_build(parser.ids, parser.zones, parser.edges.edges, parser.edges.count,
								 parser.srid, error);
		if (index == NULL && error->code == PURE_INVALID_PARAMETER)
			error->code = PURE_INVALID_TEXT;
	}
	if (parser.ids != NULL)
		pure_free(parser.ids);
	if (parser.edges.edges != NULL)
		pure_free(parser.edges.edges);
	return index;
}

/* What a policy says of itself, and the policies that are shipped. */
#include "postgres.h"

#include "funcapi.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/fmgrprotos.h"
#include "utils/jsonb.h"
#include "utils/numeric.h"
#include "utils/tuplestore.h"

#include "risk_policy.h"

PG_FUNCTION_INFO_V1(georisk_policy);
PG_FUNCTION_INFO_V1(georisk_shipped_policies);
PG_FUNCTION_INFO_V1(georisk_describe_policy);
PG_FUNCTION_INFO_V1(georisk_policy_inputs);
PG_FUNCTION_INFO_V1(georisk_policy_first_day);
PG_FUNCTION_INFO_V1(georisk_policy_neighbour_gap);
PG_FUNCTION_INFO_V1(georisk_policy_first_value_day);
PG_FUNCTION_INFO_V1(georisk_policy_review_day);
PG_FUNCTION_INFO_V1(georisk_policy_tiers);
PG_FUNCTION_INFO_V1(georisk_policy_name);

static risk_policy *
from_utf8(const char *utf8)
{
	const char *text = pg_any_to_server(utf8, strlen(utf8), PG_UTF8);

	return risk_policy_from_text(text, strlen(text));
}

static const char *
find_shipped(const char *name)
{
	int count;
	const shipped_policy *shipped = policy_shipped(&count);
	StringInfoData names;

	initStringInfo(&names);
	for (int i = 0; i < count; i++)
	{
		if (strcmp(shipped[i].name, name) == 0)
			return shipped[i].text;
		appendStringInfo(&names, "%s%s", i > 0 ? ", " : "", shipped[i].name);
	}
	ereport(
		ERROR,
		(errcode(ERRCODE_UNDEFINED_OBJECT),
		 errmsg("there is no shipped policy named \"%s\"",
				pnstrdup(name, pg_mbcliplen(name, strlen(name), 63))),
		 strstr(name, "POLICY") != NULL ?
			 errhint("The text of a policy is a value of its type: 'POLICY ...'::risk_policy.") :
			 errhint("Shipped are: %s. A policy of your own is a risk_policy value.", names.data)));
}

/* A parameter's value as it would stand in the text of the policy. */
static char *
parameter_text(const char *name, const JsonbValue *value)
{
	switch (value->type)
	{
		case jbvString:
			return pg_server_to_any(pnstrdup(value->val.string.val, value->val.string.len),
									value->val.string.len, PG_UTF8);
		case jbvNumeric:
			return DatumGetCString(
				DirectFunctionCall1(numeric_out, NumericGetDatum(value->val.numeric)));
		case jbvBool:
			return value->val.boolean ? "yes" : "no";
		default:
			ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
							errmsg("parameter \"%s\" needs one value", name),
							errhint("Give a number, a text, true or false.")));
	}
}

/* The text of the shipped policy with the parameters that a JSON object sets. */
static const char *
with_parameters(const char *source, Jsonb *parameters)
{
	int count = JB_ROOT_COUNT(parameters);
	const char **names = palloc(sizeof(char *) * (count + 1));
	const char **values = palloc(sizeof(char *) * (count + 1));
	JsonbIterator *iterator = JsonbIteratorInit(&parameters->root);
	pure_error error = {PURE_OK};
	const policy *rule;
	JsonbValue item;

	JsonbIteratorNext(&iterator, &item, true);
	for (int i = 0; i < count; i++)
	{
		JsonbIteratorNext(&iterator, &item, true);
		names[i] = pnstrdup(item.val.string.val, item.val.string.len);
		JsonbIteratorNext(&iterator, &item, true);
		values[i] = parameter_text(names[i], &item);
	}
	rule = policy_parse(source, strlen(source), &error);
	if (rule != NULL)
		source = policy_set_parameters(rule, count, names, values, &error);
	if (rule == NULL || source == NULL)
		georisk_raise(&error);
	return source;
}

Datum
georisk_policy(PG_FUNCTION_ARGS)
{
	const char *source = find_shipped(text_to_cstring(PG_GETARG_TEXT_PP(0)));
	Jsonb *parameters = PG_GETARG_JSONB_P(1);

	if (!JB_ROOT_IS_OBJECT(parameters))
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("the parameters of a policy are a JSON object"),
						errhint("Write them as {\"window\": 14}.")));
	PG_RETURN_POINTER(from_utf8(with_parameters(source, parameters)));
}

Datum
georisk_shipped_policies(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	int count;
	const shipped_policy *shipped = policy_shipped(&count);

	InitMaterializedSRF(fcinfo, 0);
	for (int i = 0; i < count; i++)
	{
		pure_error error = {PURE_OK};
		const policy *rule = policy_parse(shipped[i].text, strlen(shipped[i].text), &error);
		const policy_facts *facts;
		Datum values[7];
		bool nulls[7] = {false};

		if (rule == NULL)
			georisk_raise(&error);
		facts = policy_get_facts(rule);
		risk_policy_put_text(values, nulls, 0, facts->name);
		risk_policy_put_text(values, nulls, 1, facts->title[POLICY_EN]);
		risk_policy_put_text(values, nulls, 2, facts->title[POLICY_VI]);
		risk_policy_put_text(values, nulls, 3, facts->source);
		risk_policy_put_text(values, nulls, 4, facts->confidence);
		values[5] = DateADTGetDatum(facts->valid_from);
		nulls[5] = !facts->has_valid_from;
		values[6] = DateADTGetDatum(facts->valid_to);
		nulls[6] = !facts->has_valid_to;
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}

Datum
georisk_describe_policy(PG_FUNCTION_ARGS)
{
	const policy *rule;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	rule = risk_policy_of_call(fcinfo, PG_GETARG_RISK_POLICY(0));
	return risk_policy_text_datum(policy_describe(rule, risk_policy_lang(fcinfo, 1)));
}

static const char *
kind_name(policy_input_kind kind)
{
	switch (kind)
	{
		case POLICY_COUNT:
			return "count";
		case POLICY_NUMBER:
			return "number";
		case POLICY_YESNO:
			return "yesno";
		case POLICY_RESERVED:
			return "reserved";
		case POLICY_RELATION:
			return "relation";
	}
	pg_unreachable();
}

Datum
georisk_policy_inputs(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	const policy_facts *facts =
		policy_get_facts(risk_policy_of_call(fcinfo, PG_GETARG_RISK_POLICY(0)));

	InitMaterializedSRF(fcinfo, 0);
	for (int i = 0; i < facts->input_count; i++)
	{
		const policy_input *input = &facts->inputs[i];
		bool dated = input->kind == POLICY_NUMBER || input->kind == POLICY_YESNO;
		Datum values[6];
		bool nulls[6] = {false};

		risk_policy_put_text(values, nulls, 0, input->name);
		risk_policy_put_text(values, nulls, 1, kind_name(input->kind));
		values[2] = BoolGetDatum(input->needs_households);
		values[3] = Int32GetDatum(input->look_back);
		values[4] = Int32GetDatum(input->keep);
		nulls[4] = !dated || input->keep < 0;
		risk_policy_put_text(values, nulls, 5, input->if_missing);
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}

Datum
georisk_policy_neighbour_gap(PG_FUNCTION_ARGS)
{
	const policy_facts *facts =
		policy_get_facts(risk_policy_of_call(fcinfo, PG_GETARG_RISK_POLICY(0)));

	if (!facts->needs_neighbours)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(facts->neighbour_gap);
}

/* Days before the calendar are none of PostgreSQL's. */
static DateADT
calendar_day(int64 day)
{
	return day < DATETIME_MIN_JULIAN - POSTGRES_EPOCH_JDATE ? DATEVAL_NOBEGIN : (DateADT) day;
}

Datum
georisk_policy_first_day(PG_FUNCTION_ARGS)
{
	const policy *rule = risk_policy_of_call(fcinfo, PG_GETARG_RISK_POLICY(0));
	DateADT day = PG_GETARG_DATEADT(1);
	int64 look_back = policy_get_facts(rule)->look_back;

	if (DATE_NOT_FINITE(day) || look_back == INT32_MAX)
		PG_RETURN_DATEADT(DATEVAL_NOBEGIN);
	PG_RETURN_DATEADT(calendar_day((int64) day - Max(look_back, 1) + 1));
}

Datum
georisk_policy_first_value_day(PG_FUNCTION_ARGS)
{
	const policy_facts *facts =
		policy_get_facts(risk_policy_of_call(fcinfo, PG_GETARG_RISK_POLICY(0)));
	DateADT day = PG_GETARG_DATEADT(1);
	int32 look_back = 1;

	for (int i = 0; i < facts->input_count; i++)
	{
		const policy_input *input = &facts->inputs[i];

		if (input->kind != POLICY_NUMBER && input->kind != POLICY_YESNO)
			continue;
		if (input->look_back == INT32_MAX)
			PG_RETURN_DATEADT(DATEVAL_NOBEGIN);
		look_back = Max(look_back, input->look_back);
	}
	if (DATE_NOT_FINITE(day))
		PG_RETURN_DATEADT(DATEVAL_NOBEGIN);
	PG_RETURN_DATEADT(calendar_day((int64) day - look_back + 1));
}

Datum
georisk_policy_review_day(PG_FUNCTION_ARGS)
{
	const policy *rule = risk_policy_of_call(fcinfo, PG_GETARG_RISK_POLICY(0));
	DateADT day = PG_GETARG_DATEADT(1);

	if (DATE_NOT_FINITE(day))
		PG_RETURN_DATEADT(day);
	PG_RETURN_DATEADT(calendar_day(policy_review_day(rule, day)));
}

Datum
georisk_policy_tiers(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	const policy_facts *facts;
	policy_lang lang = risk_policy_lang(fcinfo, 1);

	InitMaterializedSRF(fcinfo, 0);
	if (PG_ARGISNULL(0))
		return (Datum) 0;
	facts = policy_get_facts(risk_policy_of_call(fcinfo, PG_GETARG_RISK_POLICY(0)));
	for (int i = 0; i < facts->tier_count; i++)
	{
		const policy_tier *tier = &facts->tiers[i];
		Datum values[5];
		bool nulls[5] = {false};

		values[0] = Int32GetDatum(i + 1);
		risk_policy_put_text(values, nulls, 1, tier->key);
		values[2] = Int16GetDatum(tier->rung);
		nulls[2] = tier->rung < 0;
		risk_policy_put_text(values, nulls, 3, tier->label[lang]);
		risk_policy_put_text(values, nulls, 4, tier->color);
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}

Datum
georisk_policy_name(PG_FUNCTION_ARGS)
{
	const policy_facts *facts =
		policy_get_facts(risk_policy_of_call(fcinfo, PG_GETARG_RISK_POLICY(0)));

	return risk_policy_text_datum(facts->name);
}

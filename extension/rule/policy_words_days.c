/* Days and kinds of days in words. */
#include "policy_words.h"

const char *const policy_weekday_words[2][7] = {
	{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"},
	{"thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật"},
};

const char *
words_day_kind(const policy *rule, int kind, policy_lang lang)
{
	const policy_named *named = &rule->day_kinds[kind].named;

	return named->label[lang] != NULL ? named->label[lang] : named->name.text;
}

void
words_days(policy_text *text, const policy *rule, int32_t days, int kind, policy_lang lang)
{
	const char *name = kind < 0 ? "" : words_day_kind(rule, kind, lang);
	const char *space = kind < 0 ? "" : " ";

	if (lang == POLICY_VI)
		text_format(text, "%d ngày%s%s", days, space, name);
	else
		text_format(text, "%d %s%sday%s", days, name, space, days == 1 ? "" : "s");
}

void
words_shift(policy_text *text, const policy *rule, const policy_shift *shift, policy_lang lang)
{
	bool vi = lang == POLICY_VI;
	int32_t days = shift->before + shift->ago;
	int32_t counted = shift->count > 0 ? shift->count - 1 : 0;

	if (shift->before == 1 && shift->count > 0) /* the count-th before, as LAG has it */
	{
		days--;
		counted++;
	}
	if (days == 0 && counted == 0)
		return;
	text_add(text, " (");
	if (counted > 0)
		words_days(text, rule, counted, shift->kind, lang);
	if (counted > 0 && days > 0)
		text_add(text, vi ? " và " : " and ");
	if (days > 0)
		words_days(text, rule, days, -1, lang);
	text_add(text, vi ? " trước đó)" : " earlier)");
}

void
words_day_kind_days(policy_text *text, const policy *rule, int position, policy_lang lang)
{
	const policy_day_kind *kind = &rule->day_kinds[position];
	bool vi = lang == POLICY_VI;
	bool first = true;

	text_format(text, vi ? "Ngày %s: " : "%s days: ", words_day_kind(rule, position, lang));
	for (int day = 0; day < 7; day++)
		if (kind->weekdays >> day & 1)
		{
			text_format(text, "%s%s", first ? "" : ", ", policy_weekday_words[lang][day]);
			first = false;
		}
	if (kind->calendar >= 0)
		text_format(
			text, vi ? ", trừ những ngày trong lịch “%s”" : ", except those of the calendar \"%s\"",
			words_source(rule, kind->calendar, lang));
	text_add(text, ".\n");
}

/* Why a zone of a map has its tier: by itself, and by what it is part of. */
#include "policy_map.h"
#include "policy_words.h"

void
words_parent(policy_text *text, const policy_map *map, const map_zone *zone, policy_lang lang)
{
	const map_zone *parent = &map->zones[zone->parent];

	words_zone(text, parent->given);
	text_add(text, " (");
	if (parent->final_tier >= 0)
		text_add(text, map->rule->tiers[parent->final_tier].label[lang]);
	else
		text_add(text, lang == POLICY_VI ? "chưa xác định" : "unknown");
	text_add(text, ")");
}

static bool
is_reported(const policy_map *map, const map_zone *zone)
{
	const policy *rule = map->rule;
	int own = zone->final_tier;
	int parent = zone->parent < 0 ? -1 : map->zones[zone->parent].final_tier;
	int worse = 0;

	if (rule->report_place == 0 || own < 0 || parent < 0 || rule->tiers[own].rung < 0 ||
		rule->tiers[parent].rung < 0)
		return false;
	for (int tier = parent + 1; tier <= own; tier++)
		worse += rule->tiers[tier].rung >= 0;
	return worse >= rule->report_by;
}

/* The verdict of the zone alone, turned by its parent's word. */
static char *
turned(const policy_map *map, const map_zone *zone, const char *own, policy_lang lang)
{
	bool vi = lang == POLICY_VI;
	policy_text text;

	text_start(&text);
	if (zone->final_tier >= 0)
	{
		text_add(&text, own);
		text_add(&text, vi ? "; theo vùng cấp trên " : "; brought to ");
		if (!vi)
			text_format(&text, "%s by the zone it is part of, ",
						map->rule->tiers[zone->final_tier].label[lang]);
		words_parent(&text, map, zone, lang);
		if (vi)
			text_format(&text, ", là %s", map->rule->tiers[zone->final_tier].label[lang]);
		return text.bytes;
	}
	text_add(&text, vi ? "chưa xác định, vì còn tùy vùng cấp trên " :
						 "unknown, for it depends on the zone it is part of, ");
	words_parent(&text, map, zone, lang);
	text_add(&text, vi ? "; còn lại: " : "; what is left: ");
	words_possible(&text, map->rule, zone->final_possible, lang);
	text_add(&text, vi ? "; riêng vùng này: " : "; by itself: ");
	text_add(&text, own);
	return text.bytes;
}

char *
policy_map_say(const policy_map *map, size_t position, verdict *result, policy_lang lang)
{
	const map_zone *zone = &map->zones[position];
	profile_view view = zone->view;
	bool vi = lang == POLICY_VI;
	policy_text text;
	char *own;

	*result = zone->own;
	text_start(&text);
	if (zone->given->profile == NULL)
		text_add(&text, policy_knows_nothing(lang));
	else
	{
		if (result->held)
			view.around = &zone->worst_around;
		own = policy_reason(map->rule, &view, map->day, result, lang);
		text_add(&text, own);
		words_unknown_around(&text, map, position, lang);
	}
	result->possible = zone->final_possible;
	result->tier = zone->final_tier;
	if (zone->final_possible != zone->own.possible)
	{
		own = text.bytes;
		text_start(&text);
		text_add(&text, turned(map, zone, own, lang));
	}
	if (result->tier >= 0)
		result->missing = NULL;
	else if (result->missing == NULL)
		result->missing = "parent";
	if (is_reported(map, zone))
	{
		text_add(&text, vi ? "; xấu hơn vùng cấp trên " : "; worse than the zone it is part of, ");
		words_parent(&text, map, zone, lang);
		text_add(&text, vi ? ", phải báo cáo" : ": to be reported");
	}
	return text.bytes;
}

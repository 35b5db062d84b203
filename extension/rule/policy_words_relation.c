/* The zones around a zone in words. */
#include "policy_map.h"
#include "policy_words.h"

#define MAX_NAMED 5 /* zones in one sentence; the others are counted */

void
words_zone(policy_text *text, const policy_zone *zone)
{
	if (zone->name != NULL)
		text_format(text, "%.*s", (int) zone->name_length, zone->name);
	else
		text_format(text, "%d", zone->id);
}

/* "red" with its quotes, and whether worse ones count, too. */
static void
standing(policy_text *text, const policy *rule, const policy_atom *atom, policy_lang lang)
{
	const char *label = rule->tiers[atom->tier].label[lang];

	if (lang == POLICY_VI)
		text_format(text, "“%s”%s", label, atom->at_least ? " trở lên" : "");
	else
		text_format(text, "\"%s\"%s", label, atom->at_least ? " or worse" : "");
}

void
words_relation(policy_text *text, const policy *rule, const policy_atom *atom, policy_lang lang)
{
	bool vi = lang == POLICY_VI;

	if (atom->kind == ATOM_SHARE)
		text_add(text, vi ? "tỷ lệ phần trăm vùng trực thuộc ở mức " :
							"the per cent of the zones below it at ");
	else
		text_add(text, vi ? "số vùng trực thuộc ở mức " : "the number of zones below it at ");
	standing(text, rule, atom, lang);
}

void
words_touches(policy_text *text, const policy *rule, const policy_atom *atom, bool yes,
			  policy_lang lang)
{
	bool vi = lang == POLICY_VI;

	if (yes)
		text_add(text, vi ? "có vùng lân cận ở mức " : "a neighbouring zone is at ");
	else
		text_add(text, vi ? "không có vùng lân cận ở mức " : "no neighbouring zone is at ");
	standing(text, rule, atom, lang);
}

/* One of several named: commas, and how many more there are. */
static void
one_more(policy_text *text, int *named, const policy_zone *zone)
{
	if (*named < MAX_NAMED)
	{
		text_add(text, *named > 0 ? ", " : "");
		words_zone(text, zone);
	}
	++*named;
}

static void
how_many_more(policy_text *text, int named, policy_lang lang)
{
	if (named > MAX_NAMED)
		text_format(text, lang == POLICY_VI ? " và %d vùng khác" : " and %d more",
					named - MAX_NAMED);
}

static bool
stands_at(const policy *rule, const policy_atom *atom, int tier)
{
	return tier >= 0 && (tier == atom->tier ||
						 (atom->at_least && tier > atom->tier && rule->tiers[tier].rung >= 0));
}

static void
neighbours_at(policy_text *text, const policy *rule, const policy_around *around,
			  const policy_atom *atom, policy_lang lang)
{
	const policy_map *map = around->map;
	int named = 0;

	if (map == NULL)
		return;
	text_add(text, ": ");
	for (size_t i = map->neighbours.start[around->zone];
		 i < map->neighbours.start[around->zone + 1]; i++)
	{
		int32_t at = map->neighbours.at[i];

		if (at >= 0 && stands_at(rule, atom, map->zones[at].tier))
			one_more(text, &named, map->zones[at].given);
	}
	how_many_more(text, named, lang);
}

void
words_around(policy_text *text, const policy_evaluation *evaluation, int position, policy_lang lang)
{
	const policy *rule = evaluation->rule;
	const policy_atom *atom = &rule->atoms[position];
	const policy_reading *reading = &evaluation->readings[position];
	const policy_around *around = evaluation->profile->around;
	bool vi = lang == POLICY_VI;
	int found = 0;

	if (reading->gap != GAP_NONE)
	{
		words_around_gap(text, evaluation, position, lang);
		return;
	}
	if (atom->kind == ATOM_TOUCHES)
	{
		bool yes = reading->value.low.value.num != 0;

		words_touches(text, rule, atom, yes, lang);
		if (yes)
			neighbours_at(text, rule, around, atom, lang);
		return;
	}
	for (int tier = 0; tier < rule->tier_count; tier++)
		if (stands_at(rule, atom, tier))
			found += around->children[tier];
	text_format(text, vi ? "%d trên %d vùng trực thuộc ở mức " : "%d of %d zones below it at ",
				found, around->child_count);
	standing(text, rule, atom, lang);
	if (atom->kind == ATOM_SHARE)
	{
		text_add(text, " (");
		text_number(text, reading->value.low.value, lang);
		text_add(text, " %)");
	}
}

void
words_around_gap(policy_text *text, const policy_evaluation *evaluation, int position,
				 policy_lang lang)
{
	const policy *rule = evaluation->rule;
	const profile_view *profile = evaluation->profile;
	int level = policy_level_of(rule, profile);
	bool vi = lang == POLICY_VI;

	switch (rule->atoms[position].kind)
	{
		case ATOM_TOUCHES:
			text_add(text, vi ? "không biết vùng này giáp những vùng nào" :
								"it is not known which zones are its neighbours");
			return;
		case ATOM_LEVEL:
			if (profile->level == NULL)
				text_add(text, vi ? "không biết cấp của vùng này" : "its level is not known");
			else
				text_format(text,
							vi ? "quy định không nói gì về vùng cấp “%.*s”" :
								 "the policy says nothing of zones of level \"%.*s\"",
							(int) profile->level_length, profile->level);
			return;
		default:
			text_add(text, vi ? "không có vùng nào trực thuộc" : "there is no zone below it");
	}
	for (int i = 0; level >= 0 && i < rule->levels[level].child_count; i++)
		text_format(text, "%s%s",
					i > 0 ? ", " :
					vi	  ? " ở cấp " :
							" of level ",
					rule->levels[level].children[i]);
}

/* Which neighbours, and which zones below, count at no tier because they are unknown. */
void
words_unknown_around(policy_text *text, const policy_map *map, size_t position, policy_lang lang)
{
	const map_zone *zone = &map->zones[position];
	bool vi = lang == POLICY_VI;
	policy_text names;
	int named = 0;

	text_start(&names);
	for (size_t i = map->neighbours.start[position]; i < map->neighbours.start[position + 1]; i++)
	{
		int32_t at = map->neighbours.at[i];
		policy_zone absent = {.id = at < 0 ? zone->given->neighbours[-1 - at] : 0};

		if (at < 0 || map->zones[at].tier < 0)
			one_more(&names, &named, at < 0 ? &absent : map->zones[at].given);
	}
	how_many_more(&names, named, lang);
	if (named > 0)
		text_format(text,
					vi ? "; vùng lân cận chưa xác định, không tính: %s" :
						 "; neighbours that are unknown, and do not count: %s",
					names.bytes);
	named = 0;
	text_start(&names);
	for (size_t i = map->children.start[position]; i < map->children.start[position + 1]; i++)
		if (map->zones[map->children.at[i]].tier < 0)
			one_more(&names, &named, map->zones[map->children.at[i]].given);
	how_many_more(&names, named, lang);
	if (named > 0)
		text_format(text,
					vi ? "; vùng trực thuộc chưa xác định, vẫn tính vào tổng số: %s" :
						 "; zones below it that are unknown, and count in the whole alone: %s",
					names.bytes);
}

/* NEIGHBOURS and REPORT, a line each. */
void
words_relations(policy_text *text, const policy *rule, policy_lang lang)
{
	static const char *const near[2][2] = {
		{"Neighbours are zones that touch, be it in a corner.\n",
		 "Neighbours are zones that share some border.\n"},
		{"Vùng lân cận là vùng giáp nhau, kể cả chỉ chung một góc.\n",
		 "Vùng lân cận là vùng có chung đường ranh giới.\n"},
	};
	bool vi = lang == POLICY_VI;

	if (rule->facts.needs_gaps)
	{
		text_add(text,
				 vi ? "Vùng lân cận là vùng cách nhau không quá " : "Neighbours are zones within ");
		text_number(text, rule->nearness.metres.days, lang);
		text_add(text, vi ? " mét.\n" : " metres of each other.\n");
	}
	else if (rule->facts.needs_neighbours)
		text_add(text, near[lang][rule->nearness.kind == NEAR_BORDER]);
	if (rule->report_place > 0 && rule->report_by == 1)
		text_add(text, vi ?
						   "Báo cáo vùng có mức xấu hơn vùng cấp trên.\n" :
						   "A zone that is worse than the zone it is part of is to be reported.\n");
	else if (rule->report_place > 0)
		text_format(
			text,
			vi ? "Báo cáo vùng có mức xấu hơn vùng cấp trên ít nhất %d cấp.\n" :
				 "A zone that is worse than the zone it is part of by %d tiers or more is to be "
				 "reported.\n",
			rule->report_by);
}

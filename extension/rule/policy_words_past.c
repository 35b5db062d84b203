/* The past in words. */
#include "policy_words.h"

void
words_change(policy_text *text, const policy *rule, const policy_change *change, policy_lang lang)
{
	bool vi = lang == POLICY_VI;
	bool worse = change == &rule->worsen;

	if (change->reviews == 1 && vi)
		text_format(text, "Mức %s ngay khi lần đánh giá %s", worse ? "xấu đi" : "tốt lên",
					worse ? "xấu hơn" : "tốt hơn");
	else if (vi)
		text_format(text,
					"Mức chỉ %s khi %d lần đánh giá liên tiếp đều %s, đến mức gần nhất trong số đó",
					worse ? "xấu đi" : "tốt lên", change->reviews, worse ? "xấu hơn" : "tốt hơn");
	else if (change->reviews == 1)
		text_format(text, "The tier gets %s as soon as a review is", worse ? "worse" : "milder");
	else
		text_format(
			text,
			"The tier gets %s only after %d reviews running that are all %s, to the nearest "
			"of what they say",
			worse ? "worse" : "milder", change->reviews, worse ? "worse" : "milder");
	if (change->stay > 0)
		text_format(text,
					vi ? ", và ít nhất %d lần đánh giá sau lần thay đổi gần nhất" :
						 ", and not before %d reviews after its last change",
					change->stay);
	if (change->by > 0)
		text_format(text, vi ? ", mỗi lần không quá %d cấp" : ", by at most %d at a time",
					change->by);
	if (change->when != NULL)
	{
		text_add(text, vi ? ", nếu " : ", where ");
		words_condition(text, rule, change->when, lang);
	}
}

void
words_turn(policy_text *text, const policy *rule, const policy_switch *one, const policy_turn *turn,
		   policy_lang lang)
{
	bool vi = lang == POLICY_VI;
	const char *tier = rule->tiers[one->tier].label[lang];
	bool enter = turn == &one->enter;

	if (vi)
		text_format(text, "Mức %s %s khi ", tier, enter ? "bắt đầu" : "kết thúc");
	else
		text_format(text, "%s is %s when ", tier, enter ? "entered" : "left");
	words_condition(text, rule, turn->when, lang);
	if (turn->effect.days > 0)
	{
		text_add(text, vi ? ", có hiệu lực sau " : ", with effect ");
		words_days(text, rule, turn->effect.days, turn->effect.kind_index, lang);
		text_add(text, vi ? "" : " later");
	}
}

static void
words_switches(policy_text *text, const policy *rule, policy_lang lang)
{
	if (rule->switch_count == 0)
		return;
	text_add(text,
			 lang == POLICY_VI ?
				 "Mức hiện hành là mức xấu nhất trong kết quả đánh giá và các mức đang áp dụng:\n" :
				 "The tier in force is the worst of what the review says and of those that are "
				 "entered and not yet left:\n");
	for (int i = 0; i < rule->switch_count; i++)
	{
		const policy_switch *one = &rule->switches[i];

		text_add(text, "- ");
		words_turn(text, rule, one, &one->enter, lang);
		text_add(text, ".\n");
		if (one->leave.when == NULL)
			continue;
		text_add(text, "- ");
		words_turn(text, rule, one, &one->leave, lang);
		text_add(text, ".\n");
	}
}

void
words_changes(policy_text *text, const policy *rule, policy_lang lang)
{
	bool vi = lang == POLICY_VI;

	if (!rule->has_past)
		return;
	if (rule->start < 0 && rule->switch_count > 0)
		text_add(text, vi ? "Ban đầu chưa áp dụng mức nào.\n" : "At first no tier is entered.\n");
	else if (rule->start < 0)
		text_add(text, vi ? "Lần đánh giá đầu tiên quyết định mức ban đầu.\n" :
							"The first review says where the tier starts.\n");
	else
		text_format(text, vi ? "Mức ban đầu là %s.\n" : "The tier starts at %s.\n",
					rule->tiers[rule->start].label[lang]);
	for (int i = 0; i < 2; i++)
	{
		const policy_change *change = i == 0 ? &rule->worsen : &rule->improve;

		if (change->place == 0)
			continue;
		words_change(text, rule, change, lang);
		text_add(text, ".\n");
	}
	words_switches(text, rule, lang);
}

/* Since which review a tier is entered, and what is decided to come. */
static void
words_entered(policy_text *text, const policy *rule, const verdict *result, policy_lang lang)
{
	bool vi = lang == POLICY_VI;

	if (result->entered >= 0 && result->has_turned)
	{
		text_between(text, 0, "; ");
		text_format(text,
					vi ? "mức %s đã bắt đầu theo lần đánh giá ngày " :
						 "%s was entered by the review of ",
					rule->tiers[rule->switches[result->entered].tier].label[lang]);
		text_day(text, result->turned);
	}
	else if (result->entered >= 0)
	{
		text_between(text, 0, "; ");
		text_format(text, vi ? "mức %s đang áp dụng" : "%s is entered and not yet left",
					rule->tiers[rule->switches[result->entered].tier].label[lang]);
	}
	if (result->pending >= 0)
	{
		text_between(text, 0, "; ");
		text_format(text,
					result->pending_leaves ?
						(vi ? "mức %s sẽ kết thúc từ ngày " : "%s will be left on ") :
						(vi ? "mức %s sẽ bắt đầu từ ngày " : "%s will be entered on "),
					rule->tiers[rule->switches[result->pending].tier].label[lang]);
		text_day(text, result->pending_day);
	}
}

void
words_past(policy_text *text, const policy *rule, const verdict *result, policy_lang lang)
{
	bool vi = lang == POLICY_VI;
	const char *now = rule->tiers[result->tier].label[lang];

	if (rule->switch_count > 0)
		words_entered(text, rule, result, lang);
	if (rule->switch_count > 0 || result->proposed == result->tier)
		return;
	text_between(text, 0, "; ");
	if (result->proposed >= 0)
		text_format(text, vi ? "riêng lần đánh giá này là %s" : "this review alone says %s",
					rule->tiers[result->proposed].label[lang]);
	else
		text_add(text,
				 vi ? "riêng lần đánh giá này chưa xác định" : "this review alone is unknown");
	if (result->previous < 0 || result->previous == result->tier)
		text_format(text, vi ? ", mức hiện hành vẫn là %s" : ", the tier in force stays %s", now);
	else
		text_format(text,
					vi ? ", mức hiện hành chuyển từ %s sang %s" :
						 ", the tier in force goes from %s to %s",
					rule->tiers[result->previous].label[lang], now);
}

void
words_open_past(policy_text *text, const verdict *result, policy_lang lang)
{
	bool vi = lang == POLICY_VI;

	text_add(text, vi ? ": lần đánh giá ngày " : ": the review of ");
	text_day(text, result->open_day);
	text_add(text, vi ? " chưa xác định" : " is unknown");
	if (result->missing != NULL)
		text_format(text, vi ? " (thiếu “%s”)" : " for want of \"%s\"", result->missing);
}

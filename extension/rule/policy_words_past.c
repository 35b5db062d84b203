/* The past in words. */
#include "policy_words.h"

static void
words_change(policy_text *text, const policy *rule, const policy_change *change, bool worse,
			 policy_lang lang)
{
	bool vi = lang == POLICY_VI;

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
	text_add(text, ".\n");
}

void
words_changes(policy_text *text, const policy *rule, policy_lang lang)
{
	bool vi = lang == POLICY_VI;

	if (!rule->has_past)
		return;
	if (rule->start < 0)
		text_add(text, vi ? "Lần đánh giá đầu tiên quyết định mức ban đầu.\n" :
							"The first review says where the tier starts.\n");
	else
		text_format(text, vi ? "Mức ban đầu là %s.\n" : "The tier starts at %s.\n",
					rule->tiers[rule->start].label[lang]);
	if (rule->worsen.place > 0)
		words_change(text, rule, &rule->worsen, true, lang);
	if (rule->improve.place > 0)
		words_change(text, rule, &rule->improve, false, lang);
}

void
words_past(policy_text *text, const policy *rule, const verdict *result, policy_lang lang)
{
	bool vi = lang == POLICY_VI;
	const char *now = rule->tiers[result->tier].label[lang];

	if (result->proposed == result->tier)
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

#include "profile_view.h"

const profile_item *
profile_find(const profile_view *view, const char *name, size_t length)
{
	size_t low = 0, high = view->count;

	while (low < high)
	{
		size_t middle = low + (high - low) / 2;
		const profile_item *item = &view->items[middle];
		size_t shorter = length < item->name_length ? length : item->name_length;
		int order = memcmp(name, item->name, shorter);

		if (order == 0)
			order = (length > item->name_length) - (length < item->name_length);
		if (order == 0)
			return item;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

bool
profile_complete_until(const profile_view *view, int32_t *day)
{
	if (view->has_complete_until &&
		!(view->has_reported_until && view->reported_until < view->complete_until))
		*day = view->complete_until;
	else
		*day = view->reported_until;
	return view->has_complete_until || view->has_reported_until;
}

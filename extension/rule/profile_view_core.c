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

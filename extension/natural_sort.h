/*
 * Sorting of what often comes in order already, in runs: borders are drawn on from point to point,
 * and zones are listed from one to the next. Runs are merged, in n log(runs) steps.
 */
#ifndef GEORISK_NATURAL_SORT_H
#define GEORISK_NATURAL_SORT_H

/*
 * Defines static void NAME(TYPE *items, TYPE *spare, size_t count); `spare` has room for as many.
 * AFTER(a, b) is whether *a must stand after *b. Equal items keep their order.
 */
#define DEFINE_NATURAL_SORT(NAME, TYPE, AFTER)                                                     \
	static size_t NAME##_run(const TYPE *items, size_t at, size_t count)                           \
	{                                                                                              \
		for (at++; at < count && !AFTER(&items[at - 1], &items[at]); at++)                         \
			;                                                                                      \
		return at;                                                                                 \
	}                                                                                              \
                                                                                                   \
	static void NAME##_insert(TYPE *items, size_t count)                                           \
	{                                                                                              \
		for (size_t i = 1; i < count; i++)                                                         \
		{                                                                                          \
			TYPE item = items[i];                                                                  \
			size_t at = i;                                                                         \
                                                                                                   \
			for (; at > 0 && AFTER(&items[at - 1], &item); at--)                                   \
				items[at] = items[at - 1];                                                         \
			items[at] = item;                                                                      \
		}                                                                                          \
	}                                                                                              \
                                                                                                   \
	static void NAME(TYPE *items, TYPE *spare, size_t count)                                       \
	{                                                                                              \
		TYPE *from = items;                                                                        \
		TYPE *to = spare;                                                                          \
                                                                                                   \
		if (count <= 12)                                                                           \
		{                                                                                          \
			NAME##_insert(items, count);                                                           \
			return;                                                                                \
		}                                                                                          \
		while (NAME##_run(from, 0, count) < count)                                                 \
		{                                                                                          \
			TYPE *swap = from;                                                                     \
                                                                                                   \
			for (size_t at = 0; at < count;)                                                       \
			{                                                                                      \
				size_t left = at;                                                                  \
				size_t middle = NAME##_run(from, at, count);                                       \
				size_t right = middle;                                                             \
				size_t end = middle < count ? NAME##_run(from, middle, count) : count;             \
                                                                                                   \
				pure_check_interrupts();                                                           \
				for (; at < end; at++)                                                             \
					to[at] = left < middle && (right == end || !AFTER(&from[left], &from[right])) ? \
								 from[left++] :                                                    \
								 from[right++];                                                    \
			}                                                                                      \
			from = to;                                                                             \
			to = swap;                                                                             \
		}                                                                                          \
		if (from != items)                                                                         \
			memcpy(items, from, count * sizeof(TYPE));                                             \
	}                                                                                              \
	extern int NAME##_is_defined

#endif

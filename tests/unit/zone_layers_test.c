/* Many layers of zones over one another: a finer grid makes more sets, and must not be what is too much of them. */
#include <assert.h>
#include <string.h>

#include "../../extension/where/zone_index_core.h"

#define LAYERS 140
#define SIDE 30

static uint32_t state = 12345;

static double
jitter(void)
{
	state = state * 1664525u + 1013904223u;
	return (state >> 8) * 0x1p-24 - 0.5;
}

int
main(int count, char **arguments)
{
	static double corner[SIDE + 1][SIDE + 1][2];
	static zone_edge edges[LAYERS * SIDE * SIDE * 4];
	static int32_t ids[LAYERS * SIDE * SIDE];
	size_t zones = 0, made = 0;
	pure_error error;
	zone_index *index;

	/* Nothing here is for valgrind, and it would take minutes. */
	if (count > 1 && strcmp(arguments[1], "brief") == 0)
		return 0;
	for (int layer = 0; layer < LAYERS; layer++)
	{
		double x = 3 * jitter(), y = 3 * jitter();

		for (int i = 0; i <= SIDE; i++)
			for (int j = 0; j <= SIDE; j++)
			{
				corner[i][j][0] = x + i + 0.5 * jitter();
				corner[i][j][1] = y + j + 0.5 * jitter();
			}
		for (int i = 0; i < SIDE; i++)
			for (int j = 0; j < SIDE; j++)
			{
				const double *ring[4] = {corner[i][j], corner[i + 1][j], corner[i + 1][j + 1], corner[i][j + 1]};

				ids[zones] = (int32_t) zones + 1;
				zones++;
				for (int k = 0; k < 4; k++)
					edges[made++] = (zone_edge){ring[k][0], ring[k][1], ring[(k + 1) % 4][0], ring[(k + 1) % 4][1],
												ids[zones - 1]};
			}
	}
	index = zone_index_build(ids, zones, edges, made, 0, &error);
	assert(index != NULL);
	assert(zone_index_locate_all(index, SIDE / 2.0, SIDE / 2.0, ids, 1) == LAYERS);
	free(index);
	return 0;
}

/* The 128 bits that stand for a household's name. */
#include "postgres.h"

#include "../clean_text.h"
#include "epicurve.h"
#include "sha256_core.h"

static household_key
key_of_bytes(const char *bytes, size_t length)
{
	uint8_t digest[SHA256_SIZE];
	household_key key = {0, 0};

	sha256(bytes, length, digest);
	for (int i = 0; i < 8; i++)
	{
		key.high = (key.high << 8) | digest[i];
		key.low = (key.low << 8) | digest[i + 8];
	}
	return key;
}

household_key
household_key_of_text(const text *name)
{
	const char *bytes = VARDATA_ANY(name);
	size_t length = VARSIZE_ANY_EXHDR(name);

	clean_bytes(&bytes, &length);
	return length == 0 ? HOUSEHOLD_UNKNOWN : key_of_bytes(bytes, length);
}

/* The policies that come with the extension: extension/rule/policies, compiled in. */
#include "policy.h"

static const shipped_policy shipped[] = {
#include "shipped_policies.inc"
};

const shipped_policy *
policy_shipped(int *count)
{
	*count = (int) (sizeof(shipped) / sizeof(shipped[0]));
	return shipped;
}

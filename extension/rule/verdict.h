/* What a verdict is called where the policy has no name for it. */
#ifndef GEORISK_VERDICT_H
#define GEORISK_VERDICT_H

#define UNKNOWN_TIER "unknown"
#define UNKNOWN_LABEL_EN "unknown"
#define UNKNOWN_LABEL_VI "chưa rõ"
#define UNKNOWN_COLOR "#bdbdbd"

#endif

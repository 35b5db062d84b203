# What the policy language is generated from: scanner, grammar, and the shipped policies as C strings.

POLICY_DIR   = extension/rule
POLICY_FILES = $(sort $(wildcard $(POLICY_DIR)/policies/*.policy))
POLICY_OBJS  = $(patsubst %.c,%.o,$(sort $(wildcard $(POLICY_DIR)/policy_*.c) $(GENERATED)))

$(POLICY_DIR)/policy_gram.c: $(POLICY_DIR)/policy_gram.y
	bison -Wno-deprecated -d -o $@ $<

$(POLICY_DIR)/policy_gram.h: $(POLICY_DIR)/policy_gram.c
	@touch $@

$(POLICY_DIR)/policy_scan.c: $(POLICY_DIR)/policy_scan.l
	flex -o $@ $<

$(POLICY_DIR)/shipped_policies.inc: $(POLICY_FILES) $(POLICY_DIR)/policy.mk
	awk 'FNR == 1 { if (NR > 1) print "},"; \
			name = FILENAME; sub(/.*\//, "", name); sub(/\.policy$$/, "", name); \
			print "{\"" name "\"," } \
		{ gsub(/\\/, "\\\\"); gsub(/"/, "\\\""); print "\t\"" $$0 "\\n\"" } \
		END { print "}," }' $(POLICY_FILES) > $@

$(POLICY_OBJS) $(POLICY_OBJS:.o=.bc) $(UNIT_TESTS): $(POLICY_DIR)/policy_gram.h $(POLICY_DIR)/shipped_policies.inc

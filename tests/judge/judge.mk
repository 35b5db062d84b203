# A long classify: cancelled wherever it is, and no larger for a thousand days than for ten. The long form asserts how soon it ends.
.PHONY: check-judge check-judge-long

check-judge:
	@tests/with-server tests/judge/check_long_classify 300 150000

check-judge-long:
	@tests/with-server tests/judge/check_long_classify 2000 600000 0.9

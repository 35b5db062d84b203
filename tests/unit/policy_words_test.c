/* What people read: the description an officer checks, the reason on the map, the lines of
 * explain_tier. */
#include "policy_fixture.h"

static void
expect_text(const char *got, const char *wanted, const char *what)
{
	EXPECT(strcmp(got, wanted) == 0, "%s:\n%s\nwanted:\n%s", what, got, wanted);
}

static void
test_describe(void)
{
	const policy *rule = parse(shipped_text("vn_hcmc_2716_2021"));

	expect_text(
		policy_describe(rule, POLICY_EN),
		"Resident groups, Ho Chi Minh City, 2021 (vn_hcmc_2716_2021)\n"
		"Source: Ho Chi Minh City COVID-19 Steering Committee, Plan 2716/KH-BCĐ, August 2021 (as "
		"reported by "
		"giadinhmoi.vn).\n"
		"Confidence: secondary – read in a secondary source.\n"
		"Valid from 2021-08-23.\n"
		"Reviewed every day.\n"
		"Tiers, from the mildest to the worst: green – new normal, near-green, yellow – at risk, "
		"orange – high risk, red – very high risk.\n"
		"Counted from reports: cases, and the households they are in.\n"
		"Asked, yes or no: contact with other households of the group (holds for 14 days; where "
		"missing, it "
		"counts as yes).\n"
		"Parameter window: 7 days (between 1 and 60).\n"
		"The first of these that holds decides:\n"
		"- red – very high risk: the number of households with cases within 7 days is at least 3.\n"
		"- orange – high risk: the number of households with cases within 7 days is 2 or (the "
		"number of "
		"households with cases within 7 days is 1 and \"contact with other households of the "
		"group\" is yes).\n"
		"- yellow – at risk: the number of households with cases within 7 days is 1.\n"
		"- near-green: the number of days since the last day with cases is at most 14.\n"
		"- green – new normal: otherwise.\n"
		"\"Within n days\" is the day judged and the n-1 days before it.\n",
		"vn_hcmc, English");
	expect_text(policy_describe(rule, POLICY_VI),
				"Tổ dân phố, Thành phố Hồ Chí Minh, 2021 (vn_hcmc_2716_2021)\n"
				"Nguồn: Ho Chi Minh City COVID-19 Steering Committee, Plan 2716/KH-BCĐ, August "
				"2021 (as reported by "
				"giadinhmoi.vn).\n"
				"Độ tin cậy: thứ cấp – đọc qua nguồn thứ cấp.\n"
				"Hiệu lực từ 2021-08-23.\n"
				"Đánh giá hằng ngày.\n"
				"Các mức, từ tốt nhất đến xấu nhất: vùng xanh – bình thường mới, vùng cận xanh, "
				"vùng vàng – nguy cơ, vùng cam – nguy cơ cao, vùng đỏ – nguy cơ rất cao.\n"
				"Đếm từ báo cáo: ca mắc, và số hộ có ca.\n"
				"Câu hỏi có hoặc không: tiếp xúc với hộ khác trong tổ (giữ giá trị 14 ngày; nếu "
				"thiếu thì tính là có).\n"
				"Tham số window: 7 ngày (từ 1 đến 60).\n"
				"Dòng đầu tiên đúng sẽ quyết định:\n"
				"- vùng đỏ – nguy cơ rất cao: số hộ có ca mắc trong 7 ngày từ 3 trở lên.\n"
				"- vùng cam – nguy cơ cao: số hộ có ca mắc trong 7 ngày bằng 2 hoặc (số hộ có ca "
				"mắc trong 7 ngày bằng "
				"1 và “tiếp xúc với hộ khác trong tổ” là có).\n"
				"- vùng vàng – nguy cơ: số hộ có ca mắc trong 7 ngày bằng 1.\n"
				"- vùng cận xanh: số ngày kể từ ngày gần nhất có ca mắc không quá 14.\n"
				"- vùng xanh – bình thường mới: trường hợp còn lại.\n"
				"“Trong n ngày” là ngày đánh giá và n-1 ngày trước đó.\n",
				"vn_hcmc, Vietnamese");

	rule = parse(
		"POLICY p VALID FROM 2021-10-12 TO 2022-01-27 REVIEW weekly ON friday CONFIDENCE memory "
		"TITLE 'A' vi 'B' TIERS low AS green, high AS red 'cao' COUNT deaths NUMBER cover IF "
		"MISSING skip "
		"MINIMUM population 16667 "
		"LET r = deaths IN 14 days PER week PER 100000 population IF MISSING 2.5 "
		"BASE WORST OF r: low <= 6.25 < high cover: low < 1200 <= high");
	expect_text(policy_describe(rule, POLICY_EN),
				"A (p)\n"
				"Confidence: memory – written from memory, not verified.\n"
				"Valid from 2021-10-12 to 2022-01-27.\n"
				"Reviewed every week on Friday.\n"
				"Tiers, from the mildest to the worst: low, cao.\n"
				"Counted from reports: deaths.\n"
				"Number given: cover (where missing, it is left out).\n"
				"r = the weekly mean of the number of deaths within 14 days per 100,000 people; "
				"where missing, it "
				"counts as 2.5.\n"
				"No rate where the population is under 16,667.\n"
				"The worst of these decides:\n"
				"- r: at most 6.25 is low; above 6.25 is cao.\n"
				"- cover: below 1,200 is low; from 1,200 up is cao.\n"
				"\"Within n days\" is the day judged and the n-1 days before it.\n",
				"rates, English");
	expect_text(
		policy_describe(rule, POLICY_VI),
		"B (p)\n"
		"Độ tin cậy: theo trí nhớ – chưa kiểm chứng.\n"
		"Hiệu lực từ 2021-10-12 đến 2022-01-27.\n"
		"Đánh giá hằng tuần vào thứ Sáu.\n"
		"Các mức, từ tốt nhất đến xấu nhất: low, cao.\n"
		"Đếm từ báo cáo: ca tử vong.\n"
		"Số liệu cho biết: cover (nếu thiếu thì bỏ qua chỉ tiêu này).\n"
		"r = trung bình mỗi tuần của số ca tử vong trong 14 ngày tính trên 100.000 dân; nếu "
		"thiếu thì tính là "
		"2,5.\n"
		"Không tính tỷ lệ khi dân số dưới 16.667.\n"
		"Chỉ tiêu xấu nhất quyết định:\n"
		"- r: không quá 6,25 là low; lớn hơn 6,25 là cao.\n"
		"- cover: dưới 1.200 là low; từ 1.200 trở lên là cao.\n"
		"“Trong n ngày” là ngày đánh giá và n-1 ngày trước đó.\n",
		"rates, Vietnamese");
}

/* Every stage in words, each once. */
static void
test_describe_stages(void)
{
	const policy *rule = parse(
		"POLICY p TIERS grey AS none 'grey' vi 'xám', green, yellow, orange, red COUNT cases "
		"NUMBER cover YESNO a, b MINIMUM households 20 "
		"LET growth = cases IN 7 days / cases IN 7 days LAG 7 days UNLESS cases IN 7 days LAG 7 "
		"days < 5 "
		"BASE CASE population < 10000 "
		"  grey WHEN ALL cases <= 10 red WHEN AT LEAST 2 OF (a, b, growth > 2) green OTHERWISE "
		"CASE households < 500 TABLE | cover >= 70 | OTHERWISE CONFIDENCE memory "
		"  WHEN cases IN 7 days < 3 ON 2 days RUNNING | green | yellow OTHERWISE | orange | red "
		"ELSE WORST OF growth: green < 1 <= red "
		"RAISE 1 NOT ABOVE orange WHEN PEAK cases IN 7 days > 3 UNLESS a "
		"LOWER 2 WHEN cases IN 7 days PER 100 households < 1 "
		"NOT BELOW yellow WHEN PEAK cases IN 7 days WITHIN 28 days > 9 NOT ABOVE orange UNLESS b");

	expect_text(
		policy_describe(rule, POLICY_EN),
		"p (p)\n"
		"Confidence: derived – the authors' own derivation.\n"
		"Reviewed every day.\n"
		"Tiers, from the mildest to the worst: green, yellow, orange, red.\n"
		"Outside this order, neither milder nor worse than any: grey.\n"
		"Counted from reports: cases.\n"
		"Number given: cover (where missing, it is unknown).\n"
		"Asked, yes or no: a (where missing, it is unknown).\n"
		"Asked, yes or no: b (where missing, it is unknown).\n"
		"growth = the number of cases within 7 days ÷ the number of cases within 7 days (7 days "
		"earlier), missing where the number of cases within 7 days (7 days earlier) is less than "
		"5.\n"
		"No rate per households where there are fewer than 20 of them.\n"
		"* where population is less than 10,000:\n"
		"The first of these that holds decides:\n"
		"- grey: the number of cases so far is at most 10.\n"
		"- red: at least 2 of these 3: (\"a\" is yes; \"b\" is yes; growth is more than 2).\n"
		"- green: otherwise.\n"
		"* where number of households is less than 500:\n"
		"The first of these that holds decides:\n"
		"- green: (the number of cases within 7 days is less than 3) on 2 days running and cover "
		"is at least 70.\n"
		"- yellow: (the number of cases within 7 days is less than 3) on 2 days running (memory – "
		"written from memory, not verified).\n"
		"- orange: cover is at least 70.\n"
		"- red: otherwise (memory – written from memory, not verified).\n"
		"* in every other case:\n"
		"The worst of these decides:\n"
		"- growth: below 1 is green; from 1 up is red.\n"
		"Then, one after the other:\n"
		"- 1 tier worse, but not beyond orange, where the highest number of cases within any 7 "
		"days so far is more than 3, unless \"a\" is yes.\n"
		"- 2 tiers milder where the number of cases within 7 days per 100 households is less than "
		"1.\n"
		"- at least yellow where the highest number of cases within any 7 days that ended in the "
		"last 28 days is more than 9.\n"
		"- at most orange, unless \"b\" is yes.\n"
		"\"Within n days\" is the day judged and the n-1 days before it.\n",
		"stages, English");
	expect_text(
		policy_describe(rule, POLICY_VI),
		"p (p)\n"
		"Độ tin cậy: suy ra – do người soạn tự suy ra.\n"
		"Đánh giá hằng ngày.\n"
		"Các mức, từ tốt nhất đến xấu nhất: xanh, vàng, cam, đỏ.\n"
		"Ngoài thứ tự, không tốt hơn cũng không xấu hơn mức nào: xám.\n"
		"Đếm từ báo cáo: ca mắc.\n"
		"Số liệu cho biết: cover (nếu thiếu thì coi là không biết).\n"
		"Câu hỏi có hoặc không: a (nếu thiếu thì coi là không biết).\n"
		"Câu hỏi có hoặc không: b (nếu thiếu thì coi là không biết).\n"
		"growth = số ca mắc trong 7 ngày ÷ số ca mắc trong 7 ngày (7 ngày trước đó), thiếu nếu số "
		"ca mắc trong 7 ngày (7 ngày trước đó) dưới 5.\n"
		"Không tính tỷ lệ trên hộ khi số hộ dưới 20.\n"
		"* trường hợp dân số dưới 10.000:\n"
		"Dòng đầu tiên đúng sẽ quyết định:\n"
		"- xám: tổng số ca mắc từ trước đến nay không quá 10.\n"
		"- đỏ: có ít nhất 2 trong 3 điều sau: (“a” là có; “b” là có; growth lớn hơn 2).\n"
		"- xanh: trường hợp còn lại.\n"
		"* trường hợp số hộ dưới 500:\n"
		"Dòng đầu tiên đúng sẽ quyết định:\n"
		"- xanh: (số ca mắc trong 7 ngày dưới 3) trong 2 ngày liên tiếp và cover từ 70 trở lên.\n"
		"- vàng: (số ca mắc trong 7 ngày dưới 3) trong 2 ngày liên tiếp (theo trí nhớ – chưa kiểm "
		"chứng).\n"
		"- cam: cover từ 70 trở lên.\n"
		"- đỏ: trường hợp còn lại (theo trí nhớ – chưa kiểm chứng).\n"
		"* trường hợp còn lại:\n"
		"Chỉ tiêu xấu nhất quyết định:\n"
		"- growth: dưới 1 là xanh; từ 1 trở lên là đỏ.\n"
		"Sau đó, lần lượt:\n"
		"- tăng 1 cấp, không quá cam, nếu số ca mắc cao nhất trong 7 ngày liền từ trước đến nay "
		"lớn hơn 3, trừ khi “a” là có.\n"
		"- giảm 2 cấp nếu số ca mắc trong 7 ngày tính trên 100 hộ dưới 1.\n"
		"- ít nhất là vàng nếu số ca mắc cao nhất trong 7 ngày liền kết thúc trong 28 ngày qua lớn "
		"hơn 9.\n"
		"- nhiều nhất là cam, trừ khi “b” là có.\n"
		"“Trong n ngày” là ngày đánh giá và n-1 ngày trước đó.\n",
		"stages, Vietnamese");
}

static void
test_describe_past(void)
{
	const policy *rule = parse(
		"POLICY p TIERS green, yellow, orange, red NUMBER x YESNO a BASE WORST OF "
		"x: green < 1 <= yellow < 2 <= orange < 3 <= red NOT BELOW previous WHEN x < 1 ON ANY OF "
		"3 weeks START AT yellow WORSEN AFTER 2 reviews IMPROVE AFTER 1 review STAY 3 reviews BY 1 "
		"WHEN a");
	const char *text = policy_describe(rule, POLICY_EN);

	text = strstr(text, "Then");
	expect_text(
		text != NULL ? text : "",
		"Then, one after the other:\n"
		"- at least the tier of the review before where (x is less than 1) on any of 3 weeks.\n"
		"The tier starts at yellow.\n"
		"The tier gets worse only after 2 reviews running that are all worse, to the nearest of "
		"what they say.\n"
		"The tier gets milder as soon as a review is, and not before 3 reviews after its last "
		"change, by at most 1 at a time, where \"a\" is yes.\n",
		"past, English");
	text = strstr(policy_describe(rule, POLICY_VI), "Sau");
	expect_text(
		text != NULL ? text : "",
		"Sau đó, lần lượt:\n"
		"- ít nhất là mức của lần đánh giá trước nếu (x dưới 1) ít nhất một lần trong 3 tuần.\n"
		"Mức ban đầu là vàng.\n"
		"Mức chỉ xấu đi khi 2 lần đánh giá liên tiếp đều xấu hơn, đến mức gần nhất trong số đó.\n"
		"Mức tốt lên ngay khi lần đánh giá tốt hơn, và ít nhất 3 lần đánh giá sau lần thay đổi gần "
		"nhất, mỗi lần không quá 1 cấp, nếu “a” là có.\n",
		"past, Vietnamese");
}

static void
expect_reason(const policy *rule, const fixture *given, int32_t day, policy_lang lang,
			  const char *wanted)
{
	verdict result;

	judge_at(rule, given, day, &result);
	expect_text(policy_reason(rule, &given->view, day, &result, lang), wanted, "reason");
}

static void
test_reasons(void)
{
	const policy *rule = parse(shipped_text("vn_hcmc_2716_2021"));
	fixture *given = fixture_make();

	fixture_curve(given, "cases", add_households(epicurve_make(true), 1, TODAY - 3));
	expect_reason(rule, given, TODAY, POLICY_EN,
				  "1 household with cases within 7 days (2021-09-01 to 2021-09-07); contact with "
				  "other households "
				  "of the group: missing, counted as yes");
	expect_reason(rule, given, TODAY, POLICY_VI,
				  "1 hộ có ca mắc trong 7 ngày (2021-09-01 đến 2021-09-07); tiếp xúc với hộ khác "
				  "trong tổ: thiếu, "
				  "tính là có");
	expect_reason(rule, given, TODAY + 11, POLICY_EN,
				  "last day with cases: 14 days ago (2021-09-04)");
	expect_reason(rule, given, TODAY + 12, POLICY_VI,
				  "0 hộ có ca mắc trong 7 ngày (2021-09-13 đến 2021-09-19); ngày gần nhất có ca "
				  "mắc: 15 ngày trước "
				  "(2021-09-04)");
	expect_reason(rule, given, TODAY - 30, POLICY_EN,
				  "0 households with cases within 7 days (2021-08-02 to 2021-08-08); never any "
				  "cases; outside the "
				  "policy's validity (from 2021-08-23)");
	given->view.has_complete_until = true;
	given->view.complete_until = TODAY - 1;
	expect_reason(rule, given, TODAY, POLICY_EN,
				  "unknown: reports of cases are complete only until 2021-09-06; what is left: "
				  "orange – high risk or "
				  "worse");
	expect_reason(
		rule, given, TODAY, POLICY_VI,
		"chưa xác định: báo cáo về ca mắc chỉ đầy đủ đến hết ngày 2021-09-06; còn lại: vùng cam – "
		"nguy cơ cao trở lên");

	rule = parse(
		"POLICY p COUNT cases YESNO contact IF MISSING unknown BASE red WHEN cases IN 1 day >= 3 "
		"orange WHEN cases IN 1 day >= 1 AND contact yellow WHEN cases IN 1 day >= 1 green "
		"OTHERWISE");
	given = fixture_make();
	fixture_count(given, "cases", 2, TODAY);
	expect_reason(rule, given, TODAY, POLICY_EN,
				  "unknown: \"contact\" is missing; what is left: yellow or orange");
	expect_reason(rule, given, TODAY, POLICY_VI,
				  "chưa xác định: thiếu “contact”; còn lại: vàng hoặc cam");
	fixture_yesno(given, "contact", true);
	expect_reason(rule, given, TODAY, POLICY_EN,
				  "2 cases within 1 day (2021-09-07); contact: yes (2021-09-07)");

	rule = parse(
		"POLICY p COUNT a, b MINIMUM population 5000 LET rate = a IN 7 days PER 100000 population "
		"LET share = a IN 7 days / b IN 7 days IF MISSING skip BASE WORST OF "
		"share: green < 0.5 <= red rate: green < 20 <= red");
	given = fixture_make();
	fixture_count(given, "a", 3, TODAY);
	fixture_count(given, "b", 0, TODAY);
	fixture_population(given, 4999);
	expect_reason(rule, given, TODAY, POLICY_EN,
				  "unknown: the population of 4,999 is too small for a rate (at least 5,000); what "
				  "is left: any tier"
				  "");
	given->view.has_population = false;
	expect_reason(rule, given, TODAY, POLICY_VI,
				  "chưa xác định: không biết dân số; còn lại: mọi cấp");
	fixture_population(given, 7000);
	expect_reason(rule, given, TODAY, POLICY_EN,
				  "rate: 42.8571; 3 a within 7 days (2021-09-01 to 2021-09-07); population: 7,000");

	rule = parse(
		"POLICY p COUNT a, b LET share = a IN 7 days / b IN 7 days IF MISSING skip BASE WORST OF "
		"share: green < 0.5 <= red");
	expect_reason(rule, given, TODAY, POLICY_EN,
				  "unknown: there is nothing to divide by: 0 b within 7 days (2021-09-01 to "
				  "2021-09-07); what is "
				  "left: any tier");
}

static void
test_explain(void)
{
	static const policy_line wanted[] = {
		{"red", "the number of households with cases within 7 days is at least 3",
		 "1 household with cases within 7 days (2021-09-01 to 2021-09-07)", 0, false},
		{"orange",
		 "the number of households with cases within 7 days is 2 or (the number of households with "
		 "cases within 7 "
		 "days is 1 and \"contact with other households of the group\" is yes)",
		 "1 household with cases within 7 days (2021-09-01 to 2021-09-07); contact with other "
		 "households of the "
		 "group: no (2021-09-07)",
		 0, false},
		{"yellow", "the number of households with cases within 7 days is 1",
		 "1 household with cases within 7 days (2021-09-01 to 2021-09-07)", 1, true},
		{"near_green", "the number of days since the last day with cases is at most 14",
		 "last day with cases: 1 day ago (2021-09-06)", 1, false},
		{"green", "otherwise", "", 0, false},
	};
	const policy *rule = parse(shipped_text("vn_hcmc_2716_2021"));
	fixture *given = fixture_make();
	pure_error error;
	policy_line *lines;
	int count;
	int32_t when;
	int tier;

	fixture_curve(given, "cases", add_households(epicurve_make(true), 1, TODAY - 1));
	fixture_yesno(given, "contact", false);
	lines = policy_explain(rule, &given->view, TODAY, TODAY, POLICY_EN, &count, &error);
	EXPECT(count == 5, "five lines");
	for (int i = 0; i < count; i++)
	{
		expect_text(lines[i].tier, wanted[i].tier, "tier");
		expect_text(lines[i].condition, wanted[i].condition, "condition");
		expect_text(lines[i].numbers, wanted[i].numbers, "numbers");
		EXPECT(lines[i].holds == wanted[i].holds && lines[i].decided == wanted[i].decided,
			   "line %d", i + 1);
	}
	EXPECT(policy_next_step_down(rule, &given->view, TODAY, TODAY, &when, &tier, &error) &&
			   when == TODAY + 6 && tier == 1,
		   "near-green on the seventh day after the case");
	EXPECT(policy_next_step_down(rule, &given->view, TODAY + 6, TODAY + 6, &when, &tier, &error) &&
			   when == TODAY + 14 && tier == 0,
		   "green on the fifteenth");
	EXPECT(!policy_next_step_down(rule, &given->view, TODAY + 14, TODAY + 14, &when, &tier, &error),
		   "nothing is milder");
}

int
main(void)
{
	test_describe();
	test_describe_stages();
	test_describe_past();
	test_reasons();
	test_explain();
	return failures > 0;
}

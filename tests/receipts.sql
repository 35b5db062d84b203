-- Whether the receipts of every map in this database add up, for the harness: received is the sum of the outcomes, and every
-- row of report and rejected_report that came with a submission is one that its receipt counts. Rows that were deleted since
-- are those that report_past remembers, and those that were erased, which are counted only.
SET client_min_messages = warning;
CREATE OR REPLACE FUNCTION wrong_receipts() RETURNS SETOF text LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
	map text;
BEGIN
	FOR map IN
		SELECT n.nspname FROM pg_namespace n
		WHERE 5 = (SELECT count(*) FROM pg_class c WHERE c.relnamespace = n.oid AND c.relkind = 'r'
				   AND c.relname IN ('settings', 'report', 'report_past', 'submission', 'rejected_report'))
		ORDER BY 1
	LOOP
		RETURN QUERY EXECUTE format($sql$
			WITH receipt AS (
				SELECT submission_id, received, duplicate, rejected, placed_by_code + placed_by_point + outside + no_place + unknown_code
					   + bad_point + not_precise + waiting + lost_in_boundary_change + superseded + withdrawn AS reports
				FROM %1$I.submission
			), line AS (
				SELECT submission_id, true AS taken FROM %1$I.report WHERE submission_id IS NOT NULL
				UNION ALL
				SELECT submission_id, false FROM %1$I.rejected_report
			), kept AS (
				SELECT submission_id, count(*) FILTER (WHERE taken) AS reports, count(*) FILTER (WHERE NOT taken) AS rejected
				FROM line GROUP BY submission_id
			), held AS (
				SELECT coalesce(r.submission_id, k.submission_id) AS submission_id, r.received, r.duplicate,
					   coalesce(r.reports, 0) AS reports, coalesce(r.rejected, 0) AS rejected, coalesce(k.reports, 0) AS kept_reports,
					   coalesce(k.rejected, 0) AS kept_rejected
				FROM receipt r FULL JOIN kept k USING (submission_id)
			)
			SELECT format('map %%s, submission %%s: %%s received, but %%s reports + %%s duplicate + %%s rejected', %1$L, submission_id,
						  received, reports, duplicate, rejected)
			FROM held WHERE received IS DISTINCT FROM reports + duplicate + rejected
			UNION ALL
			SELECT format('map %%s, submission %%s: its receipt says %%s reports and %%s rejected, and %%s and %%s rows say they came with it',
						  %1$L, submission_id, reports, rejected, kept_reports, kept_rejected)
			FROM held WHERE kept_reports > reports OR kept_rejected <> rejected
			UNION ALL
			SELECT format('map %%s: its receipts say %%s reports, of which %%s are there, and %%s were deleted', %1$L, all_reports, all_kept, deleted)
			FROM (SELECT coalesce(sum(reports), 0) AS all_reports, coalesce(sum(kept_reports), 0) AS all_kept,
						 (SELECT count(DISTINCT report_id) FROM %1$I.report_past p
						  WHERE NOT EXISTS (SELECT FROM %1$I.report r WHERE r.report_id = p.report_id)) + %2$s AS deleted FROM held) x
			WHERE all_reports - all_kept > deleted
		$sql$, map, CASE WHEN to_regclass(format('%I.protection', map)) IS NULL THEN '0'
			ELSE format('(SELECT coalesce(sum(submitted), 0) FROM %I.protection WHERE action = ''erased'')', map) END);
	END LOOP;
END
$$;

-- What every object of the extension promises: a comment, honest marks, a cost by tier. Each query lists who breaks
-- the rule; none may.
CREATE TEMP VIEW member AS
SELECT classid, objid, pg_describe_object(classid, objid, 0) AS object
FROM pg_depend
WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
  AND refobjid = (SELECT oid FROM pg_extension WHERE extname = 'georisk');
CREATE TEMP VIEW member_function AS
SELECT oid::regprocedure AS function, pg_proc.* FROM pg_proc JOIN member ON classid = 'pg_proc'::regclass AND objid = oid;

-- Functions that make, fill or change things, and so may be volatile and run in the leader only.
CREATE TEMP TABLE maker AS SELECT unnest(ARRAY[
    'show_progress', 'create_map', 'create_layer_tables', 'create_report_table', 'create_settings', 'create_zone_tables', 'write_draft_set',
    'create_zone_value_table', 'comment_table', 'activate_zones', 'find_draft', 'open_draft', 'settle_parents',
    'refuse_bad_zones', 'set_day', 'write_zone_risk', 'install_qgis_style', 'layer_styles_table',
    'check_new_map', 'need_map', 'create_placement_tables', 'zone_crosswalk', 'write_crosswalk', 'check_first_day',
    'place_all_reports', 'import_zones', 'create_assessment_tables', 'create_report_past', 'create_zone_neighbour_table',
    'survey_zones', 'write_neighbours', 'write_zone_shapes', 'create_zone_shape_table', 'assess', 'wait_for_writers', 'write_zone_risk_at', 'write_zone_day',
    'write_tier_summary', 'write_green_zone_watch', 'write_zone_risk_points', 'write_parent_risk',
    'write_zone_risk_history', 'write_risk_timeseries', 'write_layer_views', 'write_assessed_day', 'write_tile_source', 'write_risk_tile',
    'write_tier_legend', 'write_risk_geojson', 'write_risk_kml',
    'add_layer', 'make_layer', 'drop_layer', 'own_layer_views', 'write_counted_indexes',
    'create_intake', 'create_report_in', 'create_source_table', 'create_submission_tables',
    'create_zone_alias', 'submit_reports', 'check_submission', 'read_reports', 'compare_reports', 'write_reports',
    'plan_for', 'map_clock', 'check_clock', 'set_clock', 'write_views', 'write_zone_views', 'write_unmatched_places',
    'write_reporting', 'upgrade_map', 'plan_upgrade', 'lock_map', 'renew_indexes', 'fill_upgraded', 'run_upgrade',
    'rebuild', 'switch_trigger', 'mend_triggers', 'mend_zones', 'survey_all_zones', 'mend_reports', 'mend_assessments',
    'mend_views', 'drop_map', 'replace_view', 'create_notify_triggers',
    'create_decision_tables', 'announce', 'override_tier', 'end_override', 'write_decided', 'follow_zones', 'forget_decisions', 'write_in_force_at',
    'create_publication_table', 'create_published_count_tables', 'publish_due', 'publish_tiers', 'publish_counts', 'write_zone_count_public', 'end_publication', 'write_zone_risk_public', 'write_tier_history_public', 'write_public_views',
    'write_tile_function', 'write_tile_day_public', 'write_tile_source_public', 'write_risk_tile_public', 'write_risk_geojson_public', 'write_risk_kml_public',
    'create_protection_tables', 'reduce_reports', 'carry_reduced', 'name_reduced', 'erase_report', 'report_dossier',
    'create_role_grant', 'follow_grants', 'grant_role', 'revoke_role', 'keep_for_roles', 'submit_own', 'take_reports', 'write_own_views', 'write_row_security',
    'write_risk_at', 'write_role_functions']) AS name;

SELECT count(*) > 100 AS looked_at_many FROM member_function;
SELECT object AS without_a_comment FROM member
WHERE obj_description(objid, classid::regclass::name) IS NULL
  AND NOT (classid = 'pg_type'::regclass AND (SELECT typcategory = 'A' FROM pg_type WHERE oid = objid)) -- members from 17 on
  AND NOT (classid = 'pg_type'::regclass AND (SELECT typrelid <> 0 AND obj_description(typrelid, 'pg_class') IS NOT NULL
                                              FROM pg_type WHERE oid = objid))
ORDER BY object;
SELECT object AS column_without_a_comment, attname FROM member JOIN pg_attribute ON attrelid = objid
WHERE classid = 'pg_class'::regclass AND attnum > 0 AND col_description(objid, attnum) IS NULL
  AND (SELECT relkind IN ('r', 'c') FROM pg_class WHERE oid = objid)
ORDER BY object, attnum;

SELECT function AS security_definer FROM member_function WHERE prosecdef;
SELECT function AS volatile FROM member_function
WHERE provolatile = 'v' AND prorettype <> 'trigger'::regtype AND proname NOT IN (SELECT name FROM maker)
ORDER BY function::text;
-- zone_in_srid, point_in_srid, points_in_crs, filter_condition and verify_zone_sets catch errors, tier_at, check_zones, verify and what counts for a
-- layer call these, and classify runs whatever stands behind the caller's views.
SELECT function AS parallel_unsafe FROM member_function
WHERE proparallel = 'u' AND prorettype <> 'trigger'::regtype AND proname NOT IN (SELECT name FROM maker)
  AND proname NOT IN ('check_zones', 'zone_in_srid', 'point_in_srid', 'classify', 'verify', 'verify_zone_sets', 'verify_views',
                      'verify_counted_indexes', 'filter_condition', 'layer_measures',
                      'layer_counting', 'measure_filter', 'counted_indexes', 'counted_reports_query', 'latest_days_query',
                      'doubtful_zones_query', 'known_rows_query', 'known_reports_query', 'known_doubt_query', 'zone_risk_query', 'layer_edition',
                      'compare_tiers', 'compare_policies', 'case_clusters', 'input_parts', 'layer_run_query', 'explain_zone',
                      'assessments_counting', 'layer_assessments_counting', 'points_in_crs', 'tier_at', 'right_statements', 'role_rights', 'verify_roles')
ORDER BY function::text;
SELECT function AS cost_of_no_tier, procost FROM member_function
WHERE prokind = 'f' AND procost NOT IN (1, 10, 100, 10000) ORDER BY function::text;
SELECT count(DISTINCT procost) > 2 AS costs_differ FROM member_function WHERE prokind = 'f';

-- internal is for reading binary and for nothing else: no aggregate state, no result.
SELECT function AS takes_internal FROM member_function
WHERE 'internal'::regtype = ANY (proargtypes::regtype[]) AND oid NOT IN (SELECT typreceive FROM pg_type)
ORDER BY function::text;
SELECT function AS gives_internal FROM member_function
WHERE prorettype = 'internal'::regtype ORDER BY function::text;
SELECT aggfnoid::regprocedure AS state_is_not_ours FROM pg_aggregate JOIN member_function ON oid = aggfnoid
WHERE aggtranstype NOT IN (SELECT objid FROM member WHERE classid = 'pg_type'::regclass);
SELECT aggfnoid::regprocedure AS does_not_combine FROM pg_aggregate JOIN member_function ON oid = aggfnoid
WHERE aggcombinefn = 0 OR proparallel <> 's';

-- Exported symbols have our prefix.
SELECT function AS symbol_without_its_prefix, prosrc FROM member_function
WHERE prolang = (SELECT oid FROM pg_language WHERE lanname = 'c') AND prosrc !~ '^georisk_' ORDER BY function::text;
-- Bodies do not depend on the caller's search_path, but for those that read the names of tables in it and qualify all else.
SELECT function AS body_without_a_path FROM member_function JOIN pg_language AS language ON language.oid = prolang
WHERE lanname = 'plpgsql' AND NOT coalesce(proconfig::text ~ 'search_path', false)
  AND NOT (proname IN ('compare_tiers', 'compare_policies') AND proargnames[1] = 'place' AND prosrc !~ '(FROM |::|IF )(?!georisk\.|pg_catalog\.)')
   OR lanname = 'sql' AND prosqlbody IS NULL AND NOT coalesce(proconfig::text ~ 'search_path', false)
ORDER BY function::text;

-- Operators: a named function of ours behind each; = and + commute.
SELECT object AS operator_without_a_function FROM member JOIN pg_operator ON pg_operator.oid = objid
WHERE classid = 'pg_operator'::regclass AND oprcode NOT IN (SELECT oid FROM member_function);
SELECT object AS does_not_commute FROM member JOIN pg_operator ON pg_operator.oid = objid
WHERE classid = 'pg_operator'::regclass AND oprname IN ('=', '<>', '+') AND oprcom = 0;

-- Types: text and binary, both ways, and aligned to eight bytes.
SELECT typname AS incomplete_type FROM pg_type JOIN member ON classid = 'pg_type'::regclass AND objid = oid
WHERE typtype = 'b' AND typcategory <> 'A' AND (typreceive = 0 OR typsend = 0 OR typalign <> 'd' OR typlen <> -1) ORDER BY typname;

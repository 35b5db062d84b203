-- What each kind of role may, in one place. Names that a map does not have are left out; docs/roles.md says why each is here.

INSERT INTO role_right (kind, object, privilege)
SELECT k, o, 'SELECT'
FROM unnest('{officer,decider,analyst}'::text[]) k, unnest('{
	zone_risk,zone_day,tier_summary,green_zone_watch,zone_risk_points,parent_risk,zone_risk_history,risk_timeseries,assessed_day,tile_source,tier_legend,
	zone_reporting,data_quality,zone_in_force,
	zone,zone_set,zone_ancestor,zone_neighbour,zone_point,zone_union,zone_shape,crosswalk,
	assessment,assessment_tier,tier_change,decision,announced_tier,zone_value,layer,layer_policy,measure,source,source_past,erased_from,
	publication,published_run,published_count}'::text[]) o;
-- the salt of the households is nobody's, names of files may be those of persons
INSERT INTO role_right (kind, object, privilege, only_columns)
SELECT k, o, 'SELECT', c::text[]
FROM unnest('{officer,decider,analyst}'::text[]) k, (VALUES
	('settings', '{version,made_by,srid,timezone,lang,day,neighbour_tolerance_m,clock_offset,silence_limit,notify,reduced_before}'),
	('reporting', '{reporting_id,source,name,zone_code,submissions,last_submitted_at,complete_until,days_behind,received,waiting,rejected,expected_from,expected_until,reported_until,is_late,covers,zones}')) r (o, c);

INSERT INTO role_right (kind, object, privilege, but_columns)
SELECT k, 'report_in', 'INSERT', '{arrived,entered_by}' FROM unnest('{reporter,officer}'::text[]) k;
INSERT INTO role_right (kind, object, privilege)
SELECT k, o, 'SELECT' FROM unnest('{reporter,officer}'::text[]) k, unnest('{submission,rejected_report,own_unplaced}'::text[]) o;

-- what the map itself says of a report is nobody's to write, nor is an officer's to say whose report it is
INSERT INTO role_right (kind, object, privilege, but_columns) VALUES
	('officer', 'report', 'INSERT', '{report_id,recorded_at,outcome,zone_set_id,zone_id,household_key,point_disagrees,submission_id,line,hint,given,reduced_at}'),
	('officer', 'report', 'UPDATE', '{report_id,source,external_id,revision,recorded_at,outcome,zone_set_id,zone_id,household_key,point_disagrees,submission_id,line,hint,given,reduced_at}');
INSERT INTO role_right (kind, object, privilege)
SELECT 'officer', o, 'SELECT' FROM unnest('{report,placement,possible_place}'::text[]) o;

-- neither who it is nor where: no external_id, household, zone_code as typed, geom, note, line, given
INSERT INTO role_right (kind, object, privilege, only_columns) VALUES
	('analyst', 'report', 'SELECT', '{report_id,source,revision,recorded_at,withdrawn,disease,status,setting,origin,link,onset_day,sample_day,report_day,n,geocode_quality,outcome,zone_set_id,zone_id,household_key,point_disagrees,submission_id,hint,reduced_at}'),
	('analyst', 'report_past', 'SELECT', '{report_past_id,report_id,source,revision,recorded_at,replaced_at,withdrawn,disease,status,setting,origin,link,onset_day,sample_day,report_day,n,household_key,zone_set_id,zone_id,possible}'),
	('analyst', 'submission', 'SELECT', '{submission_id,source,submitted_by,submitted_at,complete_until,received,placed_by_code,placed_by_point,outside,no_place,unknown_code,bad_point,not_precise,waiting,lost_in_boundary_change,superseded,withdrawn,duplicate,rejected}'),
	('analyst', 'rejected_report', 'SELECT', '{rejected_id,submission_id,source,line,reason,hint}');
INSERT INTO role_right (kind, object, privilege)
SELECT 'analyst', o, 'SELECT' FROM unnest('{placement,possible_place}'::text[]) o;

INSERT INTO role_right (kind, object, privilege)
SELECT k, o, 'EXECUTE' FROM (VALUES
	('reporter', '{submit_own}'),
	('officer', '{submit_own,risk_at,explain_zone}'),
	('decider', '{risk_at,explain_zone,compare_policies,assess,announce,override_tier,end_override,publish_tiers,publish_counts,end_publication}'),
	('analyst', '{risk_at,explain_zone,compare_policies}')) f (k, os), unnest(os::text[]) o;

INSERT INTO role_right (kind, object, privilege)
SELECT 'public', o, 'SELECT' FROM unnest('{
	zone_risk_public,tier_history_public,zone_count_public,tile_source_public,tile_day_public,layer_public,publication_public,zone_set_public,zone_in_force,tier_legend}'::text[]) o;

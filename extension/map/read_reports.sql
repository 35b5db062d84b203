CREATE FUNCTION intake_hint(reason text, lang text DEFAULT 'en') RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 1
BEGIN ATOMIC
	SELECT CASE reason || ' ' || lang
		WHEN 'missing_day en' THEN 'Every report needs the day on which it was made.'
		WHEN 'missing_day vi' THEN 'Báo cáo nào cũng cần ngày báo cáo.'
		WHEN 'unreadable_day en' THEN 'It is no date in the formats that the table source declares for this source: correct the date, or declare the format.'
		WHEN 'unreadable_day vi' THEN 'Không phải ngày theo định dạng đã khai trong bảng source: sửa ngày, hoặc khai thêm định dạng.'
		WHEN 'implausible_day en' THEN 'It is before 1900: perhaps a year of two digits, written as four.'
		WHEN 'implausible_day vi' THEN 'Trước năm 1900: có lẽ năm chỉ có hai chữ số nhưng viết thành bốn.'
		WHEN 'future_day en' THEN 'It is after the map''s day: day and month may be swapped, or the map''s day may be pinned.'
		WHEN 'future_day vi' THEN 'Sau ngày của bản đồ: có lẽ đảo ngày và tháng, hoặc ngày của bản đồ đang bị ghim.'
		WHEN 'unreadable_number en' THEN 'It is no whole number of at most nine digits, or less than it may be.'
		WHEN 'unreadable_number vi' THEN 'Không phải số nguyên tối đa chín chữ số, hoặc nhỏ hơn mức cho phép.'
		WHEN 'unknown_word en' THEN 'The column knows only the words that its comment in report_in lists.'
		WHEN 'unknown_word vi' THEN 'Cột này chỉ nhận các từ ghi trong chú thích của nó ở report_in.'
		WHEN 'missing_external_id en' THEN 'A withdrawal must name the report that it takes back.'
		WHEN 'missing_external_id vi' THEN 'Muốn rút báo cáo phải ghi rõ mã báo cáo.'
		WHEN 'too_long en' THEN 'At most 1000 bytes.'
		WHEN 'too_long vi' THEN 'Tối đa 1000 byte.'
		WHEN 'conflicting_content en' THEN 'The same report in the same revision is there with another content, and stays. A correction needs a higher revision.'
		WHEN 'conflicting_content vi' THEN 'Báo cáo này, cùng lần sửa, đã có với nội dung khác và được giữ nguyên. Muốn sửa phải tăng số lần sửa (revision).'
		WHEN 'lon_lat_swapped en' THEN 'The point lies in the map if x and y change places.'
		WHEN 'lon_lat_swapped vi' THEN 'Điểm nằm trong bản đồ nếu đổi chỗ x và y.'
		WHEN 'point_at_zero en' THEN 'The point is (0, 0): most likely the address was not found.'
		WHEN 'point_at_zero vi' THEN 'Điểm là (0, 0): có lẽ không tìm được địa chỉ.'
		WHEN 'far_from_zones en' THEN 'The point is far from every zone: another place of the same name, or another coordinate system.'
		WHEN 'far_from_zones vi' THEN 'Điểm ở rất xa mọi vùng: nơi khác cùng tên, hoặc hệ tọa độ khác.'
		WHEN 'unreadable_point en' THEN 'A point was given, but not as two numbers: perhaps a decimal comma that the table source does not declare.'
		WHEN 'unreadable_point vi' THEN 'Có tọa độ nhưng không phải hai số: có lẽ dùng dấu phẩy thập phân mà bảng source chưa khai.'
		WHEN 'unknown_srid en' THEN 'Neither spatial_ref_sys nor crs_definition knows the SRID of the point.'
		WHEN 'unknown_srid vi' THEN 'Không biết SRID của điểm: cả spatial_ref_sys lẫn crs_definition đều không có.'
		WHEN 'point_not_in_srid en' THEN 'The point cannot be in the coordinate system that it is said to be in.'
		WHEN 'point_not_in_srid vi' THEN 'Điểm không thể thuộc hệ tọa độ đã khai.'
	END;
END;
COMMENT ON FUNCTION intake_hint(text, text) IS
'What to do about a report that submit_reports rejected or gave a hint: the reason of rejected_report, or the hint of report, in one sentence, in ''en'' or ''vi''. NULL for a word that is neither.';

CREATE FUNCTION read_point(value text, srid integer) RETURNS geometry
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 100
BEGIN ATOMIC
	SELECT CASE
		WHEN value ~* '^(0101000000|0000000001)[0-9a-f]{32}$' THEN ST_SetSRID(value::geometry, srid)
		WHEN value ~* '^(0101000020|0020000001)[0-9a-f]{40}$' THEN value::geometry
		WHEN value ~* '^(SRID=[0-9]{1,6};)?POINT *[(] *[+-]?[0-9]{1,15}([.][0-9]{0,20})? +[+-]?[0-9]{1,15}([.][0-9]{0,20})? *[)]$'
			THEN CASE WHEN value ~* '^SRID' THEN ST_GeomFromEWKT(value) ELSE ST_GeomFromText(value, srid) END
	END;
END;
COMMENT ON FUNCTION read_point(text, integer) IS
'Internal, used by submit_reports: a point in two dimensions as WKT, EWKT or hexadecimal WKB or EWKB; srid is that of a text which names none. NULL where the text is anything else; never an error.';

CREATE FUNCTION point_in_srid(point geometry, srid integer) RETURNS geometry
LANGUAGE plpgsql STABLE STRICT PARALLEL UNSAFE COST 100 SET search_path FROM CURRENT AS $$
BEGIN
	RETURN in_crs(point, srid);
EXCEPTION WHEN OTHERS THEN
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION point_in_srid(geometry, integer) IS
'Internal, used by submit_reports: the point in another coordinate system; NULL where it cannot be there, as latitude 106 cannot.';

CREATE FUNCTION read_reports(map text, source text, label text, author text) RETURNS integer
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
#variable_conflict use_column
DECLARE
	way record;
	extent geometry;
	taken integer;
	-- for whom a role speaks is checked where it submits; else it could send a revision of another ward's report by its owner's hand
	speaking_for_themselves text := 'ARRAY[]::text[]';
BEGIN
	IF has_table_privilege(format('%I.role_grant', map), 'SELECT') THEN
		speaking_for_themselves := format('ARRAY(SELECT DISTINCT e.entered_by FROM %1$I.report_in e '
			'JOIN %1$I.role_grant g ON pg_has_role(to_regrole(quote_ident(e.entered_by)), to_regrole(quote_ident(g.role_name)), ''USAGE'') '
			'WHERE g.revoked_at IS NULL AND g.kind IN (''reporter'', ''officer'') '
			'AND NOT pg_has_role(to_regrole(quote_ident(e.entered_by)), (SELECT relowner FROM pg_class WHERE oid = %2$L::regclass), ''USAGE''))',
			map, format('%I.settings', map));
	END IF;
	EXECUTE format($sql$
		SELECT coalesce(s.date_formats, '{YYYY-MM-DD}') AS date_formats, coalesce(s.decimal_comma, false) AS decimal_comma,
			   coalesce(s.srid, m.srid) AS srid, m.srid AS map_srid, m.timezone,
			   coalesce(s.same_row_is_same, true) AS same_row_is_same,
			   coalesce(m.day, (now() AT TIME ZONE m.timezone)::date) AS today
		FROM %1$I.settings m LEFT JOIN %1$I.source s ON s.source = $1
	$sql$, map) INTO STRICT way USING source;
	EXECUTE format($sql$
		SELECT ST_SetSRID(ST_Extent(z.geom)::geometry, $1) FROM %1$I.zone z
		WHERE z.is_leaf AND z.zone_set_id = (SELECT zone_set_id FROM %1$I.zone_set WHERE activated_at IS NOT NULL
											 ORDER BY valid_from DESC, zone_set_id DESC LIMIT 1)
	$sql$, map) INTO extent USING way.map_srid;

	DROP TABLE IF EXISTS pg_temp.georisk_intake;
	EXECUTE format($sql$
		CREATE TEMP TABLE georisk_intake (
			arrived bigint, line bigint, raw %1$I.report_in, verdict text, problem text[], copy integer,
			external_id text, revision integer, withdrawn boolean, disease text, status text, setting text,
			origin text, link text, onset_day date, sample_day date, report_day date, day_given boolean, n integer,
			household text, zone_code text, geom geometry, geocode_quality text, note text, hint text
		) ON COMMIT DROP
	$sql$, map);
	EXECUTE format($sql$
		WITH taken AS (
			DELETE FROM %1$I.report_in i
			WHERE coalesce(clean_text(i.source), '') IN ('', $1) AND ($2 IS NULL OR clean_text(i.submission) = $2)
			  AND CASE WHEN $11 IS NULL THEN i.entered_by IS NULL OR i.entered_by <> ALL (%2$s) ELSE i.entered_by = $11 END
			RETURNING i.*, i AS raw
		), cleaned AS (
			SELECT raw, arrived,
				   nullif(clean_text(external_id), '') AS external_id,
				   nullif(clean_text(revision), '') AS revision,
				   coalesce(nullif(lower(clean_text(withdrawn) COLLATE "C"), ''), 'false') AS withdrawn,
				   nullif(clean_text(disease), '') AS disease,
				   nullif(lower(clean_text(status) COLLATE "C"), '') AS status,
				   nullif(lower(clean_text(setting) COLLATE "C"), '') AS setting,
				   nullif(lower(clean_text(origin) COLLATE "C"), '') AS origin,
				   nullif(lower(clean_text(link) COLLATE "C"), '') AS link,
				   nullif(clean_text(onset_day), '') AS onset_text,
				   nullif(clean_text(sample_day), '') AS sample_text,
				   nullif(clean_text(report_day), '') AS report_text,
				   nullif(clean_text(n), '') AS n,
				   nullif(clean_text(household), '') AS household,
				   nullif(clean_text(zone_code), '') AS zone_code,
				   nullif(clean_text(geom), '') AS geom,
				   nullif(clean_text(x), '') AS x,
				   nullif(clean_text(y), '') AS y,
				   nullif(clean_text(srid), '') AS srid,
				   nullif(lower(clean_text(geocode_quality) COLLATE "C"), '') AS geocode_quality,
				   nullif(clean_text(note), '') AS note,
				   clean_text(line) AS line
			FROM taken OFFSET 0
		), typed AS (
			SELECT c.*,
				   withdrawn IN ('true', 't', 'yes', 'y', '1') AS takes_back,
				   read_day(onset_text, $3, $8) AS onset_day, read_day(sample_text, $3, $8) AS sample_day,
				   read_day(report_text, $3, $8) AS report_day,
				   coalesce(read_number(n, $4), CASE WHEN n IS NULL THEN 1 END) AS number,
				   read_number(revision, $4) AS version,
				   coalesce(geom, x, y) IS NOT NULL AS has_point,
				   CASE WHEN geom IS NOT NULL
						THEN read_point(geom, CASE WHEN srid IS NULL THEN $5 WHEN srid ~ '^[0-9]{1,6}$' THEN srid::integer ELSE 0 END)
						ELSE ST_SetSRID(ST_MakePoint(read_number(x, $4), read_number(y, $4)),
							CASE WHEN srid IS NULL THEN $5 WHEN srid ~ '^[0-9]{1,6}$' THEN srid::integer ELSE 0 END) END AS point
			FROM cleaned c OFFSET 0
		), pointed AS (
			SELECT t.*,
				   CASE WHEN NOT has_point THEN NULL
						WHEN ST_SRID(point) = $6 THEN point
						WHEN ST_SRID(point) IN (SELECT s.srid FROM spatial_ref_sys s) OR crs_definition(ST_SRID(point)) <> '' THEN
							coalesce(point_in_srid(point, $6), ST_SetSRID('POINT EMPTY'::geometry, $6))
						ELSE ST_SetSRID('POINT EMPTY'::geometry, $6) END AS there
			FROM typed t OFFSET 0
		), judged AS (
			SELECT p.*,
				   CASE WHEN there && $9 OR NOT has_point THEN NULL
						WHEN point IS NULL THEN 'unreadable_point'
						WHEN ST_SRID(point) <> $6 AND ST_SRID(point) NOT IN (SELECT s.srid FROM spatial_ref_sys s)
							AND crs_definition(ST_SRID(point)) IS NULL THEN 'unknown_srid'
						WHEN ST_X(point) = 0 AND ST_Y(point) = 0 THEN 'point_at_zero'
						WHEN CASE WHEN ST_SRID(point) = $6 THEN ST_FlipCoordinates(point)
								  ELSE point_in_srid(ST_FlipCoordinates(point), $6) END && $9 THEN 'lon_lat_swapped'
						WHEN ST_IsEmpty(there) THEN 'point_not_in_srid'
						WHEN NOT there && ST_Expand($9, greatest(ST_XMax($9) - ST_XMin($9), ST_YMax($9) - ST_YMin($9)))
							THEN 'far_from_zones' END AS hint,
				   CASE WHEN octet_length(external_id) > 1000 THEN ARRAY['too_long', 'external_id', external_id]
						WHEN withdrawn NOT IN ('true', 't', 'yes', 'y', '1', 'false', 'f', 'no', 'n', '0')
							THEN ARRAY['unknown_word', 'withdrawn', withdrawn]
						WHEN takes_back AND external_id IS NULL THEN ARRAY['missing_external_id', NULL, NULL]
						WHEN report_text IS NULL AND NOT takes_back THEN ARRAY['missing_day', 'report_day', NULL]
						WHEN report_day IS NULL AND report_text IS NOT NULL THEN ARRAY['unreadable_day', 'report_day', report_text]
						WHEN onset_day IS NULL AND onset_text IS NOT NULL THEN ARRAY['unreadable_day', 'onset_day', onset_text]
						WHEN sample_day IS NULL AND sample_text IS NOT NULL THEN ARRAY['unreadable_day', 'sample_day', sample_text]
						WHEN report_day < '1900-01-01' THEN ARRAY['implausible_day', 'report_day', report_text]
						WHEN onset_day < '1900-01-01' THEN ARRAY['implausible_day', 'onset_day', onset_text]
						WHEN sample_day < '1900-01-01' THEN ARRAY['implausible_day', 'sample_day', sample_text]
						WHEN report_day > $7 THEN ARRAY['future_day', 'report_day', report_text]
						WHEN onset_day > $7 THEN ARRAY['future_day', 'onset_day', onset_text]
						WHEN sample_day > $7 THEN ARRAY['future_day', 'sample_day', sample_text]
						WHEN (number BETWEEN 0 AND 999999999 AND number = floor(number)) IS NOT TRUE
							THEN ARRAY['unreadable_number', 'n', n]
						WHEN revision IS NOT NULL AND (abs(version) < 1000000000 AND version = floor(version)) IS NOT TRUE THEN ARRAY['unreadable_number', 'revision', revision]
						WHEN status NOT IN ('confirmed', 'probable', 'suspected', 'discarded')
							THEN ARRAY['unknown_word', 'status', status]
						WHEN setting NOT IN ('residence', 'visited', 'isolation', 'hospital')
							THEN ARRAY['unknown_word', 'setting', setting]
						WHEN origin NOT IN ('community', 'imported') THEN ARRAY['unknown_word', 'origin', origin]
						WHEN link NOT IN ('known', 'unknown') THEN ARRAY['unknown_word', 'link', link]
						WHEN geocode_quality NOT IN ('exact', 'address', 'street', 'area', 'ward', 'unmatched')
							THEN ARRAY['unknown_word', 'geocode_quality', geocode_quality] END AS problem,
				   coalesce(report_day, $7) AS day,
				   coalesce(version, CASE WHEN takes_back THEN 2 ELSE 1 END) AS said_revision,
				   CASE WHEN external_id IS NULL AND $10
						THEN left(encode(sha256(convert_to(jsonb_build_array(version, disease, status, setting, origin, link,
							onset_day, sample_day, report_day, number, household, zone_code, there::text, geocode_quality,
							note)::text, 'UTF8')), 'hex'), 32) END AS alike
			FROM pointed p OFFSET 0
		), copies AS (
			SELECT j.*, row_number() OVER (ORDER BY arrived) AS place,
				   row_number() OVER (PARTITION BY coalesce(external_id, alike) COLLATE "C", external_id IS NULL, said_revision, problem IS NULL
					ORDER BY takes_back, day, number, status COLLATE "C", setting COLLATE "C", origin COLLATE "C", link COLLATE "C",
						onset_day, sample_day, zone_code COLLATE "C", there::text COLLATE "C", household COLLATE "C",
						disease COLLATE "C", geocode_quality COLLATE "C", note COLLATE "C", arrived) AS copy
			FROM judged j
		)
		INSERT INTO georisk_intake
		SELECT arrived, CASE WHEN line ~ '^[0-9]{1,18}$' THEN line::bigint ELSE place END, raw,
			   CASE WHEN problem IS NOT NULL THEN 'rejected' END, problem,
			   CASE WHEN external_id IS NULL THEN 1 ELSE copy END,
			   coalesce(external_id, 'row:' || alike || ':' || copy), CASE WHEN problem IS NULL THEN said_revision END, takes_back, disease, status, setting,
			   origin, link, onset_day, sample_day, day, report_text IS NOT NULL, CASE WHEN problem IS NULL THEN number END, household, zone_code, there,
			   geocode_quality, note, hint
		FROM copies
	$sql$, map, speaking_for_themselves) USING source, label, way.date_formats, way.decimal_comma, way.srid, way.map_srid, way.today,
		way.timezone, extent, way.same_row_is_same, author;
	GET DIAGNOSTICS taken = ROW_COUNT;
	RETURN taken;
END
$$;
COMMENT ON FUNCTION read_reports(text, text, text, text) IS
'Internal, used by submit_reports: moves what waits in report_in of a source, or its rows of one label, or those that one role entered, else those of all but reporters and officers, who submit their own, into the temporary table georisk_intake, read as the source declares. A row that is no report has a problem there: reason, column, value. A report without external_id gets one made of its content and of how often that came, unless the source says otherwise. Returns the number of rows.';

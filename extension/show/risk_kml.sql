CREATE FUNCTION kml_color(color text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 1
BEGIN ATOMIC
	-- alpha, blue, green, red; b3 lets the map below show through
	SELECT lower('b3' || substr(color, 6, 2) || substr(color, 4, 2) || substr(color, 2, 2));
END;
COMMENT ON FUNCTION kml_color(text) IS
'Internal: a colour, #rrggbb, as KML writes it, 70 percent opaque.';

CREATE FUNCTION kml_text(content text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 1
BEGIN ATOMIC
	-- XML has no way to write control characters
	SELECT replace(replace(replace(regexp_replace(content, '[\x01-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]', ' ', 'g'),
		'&', '&amp;'), '<', '&lt;'), '>', '&gt;');
END;
COMMENT ON FUNCTION kml_text(text) IS
'Internal: any text as the content of an XML element.';

CREATE FUNCTION kml_query(source regclass, legend regclass, parents regclass, lang text) RETURNS text
LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	columns text[] := export_columns(source);
	data text;
	folder text := 'NULL';
BEGIN
	SELECT string_agg(format($sql$coalesce(%L || kml_text(s.%I::text) || '</value></Data>', '')$sql$,
			'<Data name="' || replace(kml_text(c), '"', '&quot;') || '"><value>', c), ' || ' ORDER BY place)
	INTO data FROM unnest(columns) WITH ORDINALITY u (c, place)
	-- what is said elsewhere, and what is the same for all
	WHERE c NOT IN ('geom', 'name', 'reason', 'tier_color', 'day', 'policy', 'zone_set', 'computed_at');
	IF 'parent_code' = ANY (columns) THEN
		folder := 's.parent_code';
		IF has_table_privilege(parents, 'SELECT') THEN
			folder := format('coalesce((SELECT p.name FROM %s p WHERE clean_text(p.code) = clean_text(s.parent_code) LIMIT 1), s.parent_code)', parents);
		END IF;
	END IF;
	RETURN format($sql$
		SELECT %1$s AS folder, 'tier-' || regexp_replace(s.tier, '[^A-Za-z0-9_-]', '', 'g') || '-' || substr(s.tier_color, 2) AS style,
			   s.tier_color AS color, %2$s AS stamp,
			   '<Placemark id="zone-' || s.zone_id || '"><name>' || kml_text(coalesce(%3$s, s.code, '')) || '</name>'
			   || coalesce('<description>' || kml_text(%4$s) || '</description>', '')
			   || '<styleUrl>#tier-' || regexp_replace(s.tier, '[^A-Za-z0-9_-]', '', 'g') || '-' || substr(s.tier_color, 2) || '</styleUrl>'
			   || '<ExtendedData>' || %5$s || '</ExtendedData>' || coalesce(ST_AsKML(s.shape, 6), '') || '</Placemark>' AS placemark
		FROM (%6$s) s
		ORDER BY folder, s.code, s.zone_id
	$sql$, folder,
		(SELECT format('jsonb_build_object(%s)', string_agg(format('%L, s.%I', c, c), ', '))
		 FROM unnest(columns) c WHERE c IN ('window_start', 'window_end', 'day', 'complete_until', 'policy', 'zone_set', 'computed_at')),
		CASE WHEN 'name' = ANY (columns) THEN 's.name' ELSE 'NULL' END,
		CASE WHEN 'reason' = ANY (columns) THEN 's.reason' ELSE 'NULL' END, data, labelled(source, legend, lang));
END
$$;
COMMENT ON FUNCTION kml_query(regclass, regclass, regclass, text) IS
'Internal, used by kml_of: the query that gives each zone of a view as a placemark, with its folder and style.';

CREATE FUNCTION kml_stamp(stamp jsonb, lang text) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE COST 100
BEGIN ATOMIC
	SELECT string_agg(CASE lang WHEN 'vi' THEN w.vi ELSE w.en END || ': ' || (stamp ->> w.key), '; ' ORDER BY w.place)
	FROM (VALUES (1, 'window_end', 'Ngày', 'Day'), (1, 'day', 'Ngày', 'Day'), (2, 'complete_until', 'Báo cáo đầy đủ đến ngày', 'Reports complete until'),
				 (3, 'policy', 'Quy định', 'Policy'), (4, 'zone_set', 'Bộ khu vực', 'Zone set'),
				 (5, 'computed_at', 'Tính lúc', 'Computed at')) w (place, key, vi, en)
	WHERE stamp ->> w.key IS NOT NULL;
END;
COMMENT ON FUNCTION kml_stamp(jsonb, text) IS
'Internal, used by kml_of: of which day, policy, zones and data a file is, in one line.';

CREATE FUNCTION kml_document(name text, styles jsonb, stamp jsonb, lang text, body text[], in_folder boolean) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE COST 100
BEGIN ATOMIC
	SELECT '<?xml version="1.0" encoding="UTF-8"?>' || E'\n<kml xmlns="http://www.opengis.net/kml/2.2"><Document>\n<name>' || kml_text(name) || '</name>'
		|| coalesce('<description>' || kml_text(kml_stamp(stamp, lang)) || '</description>', '') || E'\n'
		|| coalesce((SELECT string_agg('<Style id="' || s.key || '"><LineStyle><color>cc464646</color><width>1</width></LineStyle><PolyStyle><color>'
				|| kml_color(s.value) || '</color></PolyStyle></Style>', E'\n' ORDER BY s.key) || E'\n' FROM jsonb_each_text(styles) s), '')
		|| array_to_string(body, E'\n') || CASE WHEN in_folder THEN E'\n</Folder>' ELSE '' END || E'\n</Document></kml>\n';
END;
COMMENT ON FUNCTION kml_document(text, jsonb, jsonb, text, text[], boolean) IS
'Internal, used by kml_of: a KML file from its styles (name and #rrggbb) and its placemarks.';

CREATE FUNCTION kml_of(source regclass, legend regclass, parents regclass, lang text, most_zones integer)
RETURNS TABLE (part integer, file text, zones integer, kml text)
LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10000 ROWS 1 SET search_path FROM CURRENT SET datestyle = 'ISO' SET jit = off AS $$
DECLARE
	-- My Maps takes no larger file, nor more rows of one
	most_bytes CONSTANT integer := 5000000;
	head_bytes CONSTANT integer := 20000;
	relation text := (SELECT c.relname FROM pg_class c WHERE c.oid = source);
	spoken text := lang;
	opened text;
	body text[] := '{}';
	styles jsonb := '{}';
	stamp jsonb := '{}';
	bytes bigint := 0;
	one record;
BEGIN
	IF most_zones < 1 THEN
		RAISE EXCEPTION 'a file has at least one zone' USING ERRCODE = 'invalid_parameter_value';
	END IF;
	IF lang IS NULL THEN
		EXECUTE format('SELECT min(lang) FROM %s', legend) INTO spoken;
	END IF;
	part := 1;
	zones := 0;
	FOR one IN EXECUTE kml_query(source, legend, parents, lang) LOOP
		IF zones > 0 AND (zones >= coalesce(most_zones, 2000) OR bytes + octet_length(one.placemark) > most_bytes - head_bytes) THEN
			kml := kml_document(relation, styles, stamp, spoken, body, opened IS NOT NULL);
			file := format('%s-%s.kml', relation, part);
			RETURN NEXT;
			part := part + 1;
			zones := 0;
			bytes := 0;
			body := '{}';
			opened := NULL;
		END IF;
		IF one.folder IS DISTINCT FROM opened THEN
			body := body || (CASE WHEN opened IS NULL THEN '' ELSE '</Folder>' || E'\n' END || coalesce('<Folder><name>' || kml_text(one.folder) || '</name>', ''));
			opened := one.folder;
		END IF;
		body := body || one.placemark;
		bytes := bytes + octet_length(one.placemark) + 1;
		zones := zones + 1;
		styles := styles || jsonb_build_object(one.style, one.color);
		stamp := coalesce(one.stamp, '{}');
	END LOOP;
	kml := kml_document(relation, styles, stamp, spoken, body, opened IS NOT NULL);
	file := format('%s-%s.kml', relation, part);
	RETURN NEXT;
END
$$;
COMMENT ON FUNCTION kml_of(regclass, regclass, regclass, text, integer) IS
'Internal, called by a map''s risk_kml: any view like zone_risk as KML. The caller needs SELECT on it and on the legend; where the caller may read the parents, folders have their names.';

CREATE FUNCTION write_risk_kml(map text, layer_id integer) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	export text := layer_relation(map, layer_id, 'risk_kml');
BEGIN
	EXECUTE format($sql$
		CREATE OR REPLACE FUNCTION %1$I.%2$I(lang text DEFAULT NULL, source regclass DEFAULT %3$L::regclass, most_zones integer DEFAULT 2000)
		RETURNS TABLE (part integer, file text, zones integer, kml text) LANGUAGE sql STABLE PARALLEL SAFE COST 10000 ROWS 1
		BEGIN ATOMIC
			SELECT k.part, k.file, k.zones, k.kml FROM kml_of(source, %4$L::regclass, %5$L::regclass, lang, most_zones) k;
		END
	$sql$, map, export, format('%I.%I', map, layer_relation(map, layer_id, 'zone_risk')),
		format('%I.%I', map, layer_relation(map, layer_id, 'tier_legend')), format('%I.zone_in_force', map));
	EXECUTE format('COMMENT ON FUNCTION %I.%I(text, regclass, integer) IS %L', map, export,
		'The zones as KML for Google Earth, My Maps and others: one style for each tier, a folder for each parent, reason as description, numbers as '
		'ExtendedData. A row is a file: usually one, more where it would have more than most_zones zones or 5 MB, which is what My Maps takes. '
		'lang (vi or en) is the language of tier_label and of the description, NULL the map''s; reasons are in the map''s language. source is the view to '
		'read, zone_risk by default, or any with its columns: zone_id, code, tier, tier_color and geom at least. The caller needs SELECT on '
		|| 'source and ' || layer_relation(map, layer_id, 'tier_legend') || '; with zone_in_force folders have the names of the parents instead of their codes.');
END
$$;
COMMENT ON FUNCTION write_risk_kml(text, integer) IS
'Internal, used by create_map: the function risk_kml of a layer.';
INSERT INTO layer_part (part, place, arguments) VALUES ('risk_kml', 250, 'text, regclass, integer');

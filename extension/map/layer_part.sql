-- What every layer of a map has, and who writes it. Each part registers itself beside its writer; nobody else lists them, so
-- that a higher room adds one without this one knowing.

CREATE TABLE layer_part (
	part text PRIMARY KEY CHECK (part ~ '^[a-z_]{1,22}$'),
	place integer NOT NULL UNIQUE,
	arguments text
);
GRANT SELECT ON layer_part TO PUBLIC;
COMMENT ON TABLE layer_part IS
'Internal: the views and functions that each layer of a map has. The function write_ and the name of the part, called with the map and the number of a layer, writes it, or writes it anew in place.';
COMMENT ON COLUMN layer_part.part IS 'Name of the view or function; those of further layers have the layer''s name after it.';
COMMENT ON COLUMN layer_part.place IS 'Parts are written in this order and dropped in the other.';
COMMENT ON COLUMN layer_part.arguments IS 'The types that a function takes; NULL for a view.';

CREATE FUNCTION layer_objects(map text, suffix text, OUT place integer, OUT name text, OUT kind text, OUT object text) RETURNS SETOF record
LANGUAGE sql STABLE STRICT PARALLEL SAFE COST 100 ROWS 10
BEGIN ATOMIC
	SELECT p.place, p.part || suffix, CASE WHEN p.arguments IS NULL THEN 'VIEW' ELSE 'FUNCTION' END,
		   format('%I.%I', map, p.part || suffix) || coalesce('(' || p.arguments || ')', '')
	FROM layer_part p;
END;
COMMENT ON FUNCTION layer_objects(text, text) IS
'Internal: what a layer of a map has or is to have, given what its views'' names end in: nothing for the first layer, else _ and the name. object is how a statement about a thing of that kind calls it.';

CREATE FUNCTION object_oid(kind text, object text) RETURNS oid
LANGUAGE sql STABLE STRICT PARALLEL SAFE COST 100
BEGIN ATOMIC
	SELECT CASE kind WHEN 'VIEW' THEN to_regclass(object)::oid ELSE to_regprocedure(object)::oid END;
END;
COMMENT ON FUNCTION object_oid(text, text) IS
'Internal: the number of an object of layer_objects in the catalog; NULL where it is not there.';

CREATE FUNCTION write_layer_views(map text, layer_id integer) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
	writer text;
BEGIN
	FOR writer IN SELECT 'write_' || p.part FROM layer_part p ORDER BY p.place LOOP
		EXECUTE format('SELECT %I($1, $2)', writer) USING map, layer_id;
	END LOOP;
END
$$;
COMMENT ON FUNCTION write_layer_views(text, integer) IS
'Internal: writes zone_risk, zone_risk_at and all other views and functions of a layer anew; columns, comments, grants and views on top stay.';

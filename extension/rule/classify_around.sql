
-- What classify reads of the zones around a zone, where the policy asks for it.
CREATE FUNCTION policy_relations(policy risk_policy, OUT neighbours boolean, OUT parents boolean, OUT levels boolean) RETURNS record
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 100
BEGIN ATOMIC
    SELECT coalesce(bool_or(i.kind = 'relation' AND i.name = 'neighbours'), false),
           coalesce(bool_or(i.kind = 'relation' AND i.name IN ('children', 'parent')), false),
           coalesce(bool_or(i.kind = 'reserved' AND i.name = 'level'), false)
      FROM policy_inputs(policy) i;
END;
COMMENT ON FUNCTION policy_relations(risk_policy) IS
'What a policy must be told of the zones around a zone: who its neighbours are, what it is part of, and of which level zones are.';

CREATE FUNCTION policy_neighbour_gap(policy risk_policy) RETURNS double precision
    AS 'MODULE_PATHNAME', 'georisk_policy_neighbour_gap' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION policy_neighbour_gap(risk_policy) IS
'How many metres neighbours may be apart by a policy''s NEIGHBOURS WITHIN; 0 where they touch; NULL where it asks for no neighbours.';

CREATE FUNCTION classify_check_parents(zones regclass, zone_query text) RETURNS void
    LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10000 SET search_path FROM CURRENT AS $$
DECLARE
    orphan record;
BEGIN
    EXECUTE format('WITH zone AS (%s) SELECT coalesce(z.code, z.zone_id::text) AS code, coalesce(z.parent_code, z.parent_id::text) AS parent FROM zone z '
                   'WHERE coalesce(z.parent_code, z.parent_id::text) IS NOT NULL AND z.zone_id NOT IN (SELECT f.zone_id FROM (%s) f) ORDER BY z.zone_id LIMIT 1',
                   zone_query, classify_family()) INTO orphan;
    IF orphan.code IS NOT NULL THEN
        RAISE EXCEPTION 'zone % of % is part of %, which is not there', orphan.code, zones, orphan.parent
            USING ERRCODE = 'foreign_key_violation', HINT = 'Add the parent, or correct the zone; a zone that is part of nothing has no parent.';
    END IF;
END
$$;
COMMENT ON FUNCTION classify_check_parents(regclass, text) IS
'Internal. Raises the error of classify about a zone whose parent is not among the zones.';

-- Also where a policy only has rules of their own for several levels: a district has the cases of its communes.
CREATE FUNCTION classify_counts_up(zones regclass, policy risk_policy) RETURNS boolean
    LANGUAGE sql STABLE STRICT PARALLEL SAFE COST 10000
BEGIN ATOMIC
    SELECT r.parents OR r.levels AND coalesce(classify_column(zones, NULL, '{parent_code}', NULL, NULL),
                                              classify_column(zones, NULL, '{parent_id}', '{smallint,integer,bigint}', NULL)) IS NOT NULL
      FROM policy_relations(policy) r;
END;
COMMENT ON FUNCTION classify_counts_up(regclass, risk_policy) IS
'Internal. Whether classify counts what lies in a zone in all that it is part of: where the policy looks at parents or at zones below, and where it looks at levels and the table says what a zone is part of.';

CREATE FUNCTION classify_family() RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 1
BEGIN ATOMIC
    SELECT 'SELECT z.zone_id, p.zone_id AS parent_id FROM zone z JOIN zone p ON p.code = z.parent_code '
           'UNION ALL SELECT z.zone_id, p.zone_id AS parent_id FROM zone z JOIN zone p ON p.zone_id = z.parent_id WHERE z.parent_code IS NULL';
END;
COMMENT ON FUNCTION classify_family() IS
'Internal. SQL text of which of the zones in zone is part of which: by code, else by id.';

CREATE FUNCTION classify_placed_zones(zone_query text, parents boolean) RETURNS text
    LANGUAGE sql STABLE STRICT PARALLEL SAFE COST 10000
BEGIN ATOMIC
    SELECT CASE WHEN parents
        THEN format('WITH zone AS (%s) SELECT z.zone_id, z.polygon FROM zone z WHERE z.zone_id NOT IN (SELECT f.parent_id FROM (%s) f)',
                    zone_query, classify_family())
        ELSE zone_query END;
END;
COMMENT ON FUNCTION classify_placed_zones(text, boolean) IS
'Internal. SQL text of the zones in which classify places points: all, or, where there are parents, those that are nobody''s.';

-- Zones of one level at a time: those of another one are no neighbours, and their polygons overlap.
CREATE FUNCTION classify_neighbours(gap_m double precision) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 100
BEGIN ATOMIC
    SELECT format('SELECT n.zone_id, array_agg(n.neighbour_id ORDER BY n.neighbour_id) AS neighbours, '
        'array_agg(n.shared_m ORDER BY n.neighbour_id) AS shared_m, array_agg(n.gap_m ORDER BY n.neighbour_id) AS gap_m '
        'FROM (SELECT zone_index_agg(zone_id, polygon) AS index FROM zone WHERE polygon IS NOT NULL GROUP BY level) i, '
        'zone_neighbours(i.index, %s) n GROUP BY n.zone_id', gap_m);
END;
COMMENT ON FUNCTION classify_neighbours(double precision) IS
'Internal. SQL text of who is next to whom among the zones in zone, up to so many metres apart: lists as judge_agg takes them.';

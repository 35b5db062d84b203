-- Where each evening is kept as it was shown: all columns of zone_risk but the time of reading, of the polygon a digest.
SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) AS columns
FROM pg_attribute WHERE attrelid = 'district1.zone_risk'::regclass AND attname NOT IN ('computed_at', 'geom') \gset
CREATE TABLE shown AS SELECT 0 AS assessment_id, :columns, md5(ST_AsBinary(geom)) AS drawn FROM district1.zone_risk WITH NO DATA;

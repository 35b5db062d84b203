INSERT INTO shown SELECT :assessment_id, :columns, md5(ST_AsBinary(geom)) FROM district1.zone_risk;

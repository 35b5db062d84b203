-- What people vary when they type a name makes no difference; what tells names apart does.
SET search_path = georisk, public;
SELECT value, fold_text(value) AS folded FROM (VALUES
	('Tổ 5'), ('tổ  05'), ('TO-5'), ('to5'), (E'T\u006f\u0302\u0309 5'), (E'\ufeffTổ 5\r'), (E'Tổ\u00a05'), ('Tổ 5a'), ('Tổ 5 A'),
	('P. Bến Nghé'), ('p ben nghe'), ('Đa Kao'), ('đa kao'), ('1-12'), ('11-2'), ('100'), ('010'), ('00'), ('0'), ('５'), ('№ 5'), ('...'), ('')) given (value);
SELECT bool_and(fold_text(fold_text(v)) = fold_text(v)) AS stays FROM (
	SELECT string_agg(chr(32 + (i * 7919 + j * 104729) % 8192), '') AS v
	FROM generate_series(1, 500) i, generate_series(1, 8) j GROUP BY i) made;

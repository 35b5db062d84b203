-- A number is read, or is NULL: never an error that would stop the rest of a list.
SET search_path = georisk, public;
SET extra_float_digits = -10;
SELECT value, read_number(value) AS point, read_number(value, true) AS comma FROM (VALUES
	('106.7'), ('106,7'), ('-10.77'), ('+3'), ('3.'), ('.5'), ('1.190.000,5'), ('1,190,000.5'), ('1e3'), ('1E-2'), ('1e'), ('1e999'),
	(''), (' 1'), ('1 '), ('NaN'), ('Infinity'), ('0x10'), ('1_000'), ('١٢'), ('--1'), (repeat('9', 70))) given (value);
RESET extra_float_digits;
SELECT bool_and(read_number(n::text) = n) AS same FROM (SELECT sin(i) * 10 ^ (i % 20 - 10) AS n FROM generate_series(1, 1000) i) made;

-- All that the extension made, as the catalog has it.
SET search_path = pg_catalog;
CREATE TEMP TABLE member AS
SELECT classid, objid, pg_describe_object(classid, objid, 0) AS object FROM pg_depend
WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e' AND refobjid = (SELECT oid FROM pg_extension WHERE extname = 'georisk');
SELECT object, obj_description(objid, classid::regclass::name) FROM member ORDER BY object COLLATE "C";
SELECT p.oid::regprocedure::text COLLATE "C" AS routine, pg_get_function_arguments(p.oid), pg_get_function_result(p.oid), prosrc, probin,
	   pg_get_function_sqlbody(p.oid), l.lanname, prokind, prosecdef, proleakproof, proisstrict, proretset, provolatile,
	   proparallel, procost, prorows, prosupport, proconfig, proacl
FROM pg_proc p JOIN member m ON m.classid = 'pg_proc'::regclass AND m.objid = p.oid JOIN pg_language l ON l.oid = prolang ORDER BY 1;
SELECT aggfnoid::regprocedure::text COLLATE "C" AS aggregate, aggkind, aggtransfn, aggfinalfn, aggcombinefn, aggserialfn, aggdeserialfn, aggmtransfn,
	   aggfinalextra, aggfinalmodify, aggsortop::regoperator, aggtranstype::regtype, aggtransspace, agginitval
FROM pg_aggregate JOIN member ON objid = aggfnoid AND classid = 'pg_proc'::regclass ORDER BY 1;
SELECT typname COLLATE "C", typlen, typbyval, typtype, typcategory, typispreferred, typdelim, typinput, typoutput, typreceive, typsend,
	   typmodin, typanalyze, typalign, typstorage, typcollation, typacl
FROM pg_type JOIN member ON classid = 'pg_type'::regclass AND objid = pg_type.oid ORDER BY 1;
SELECT enumtypid::regtype, enumlabel FROM pg_enum JOIN member ON objid = enumtypid ORDER BY enumtypid::regtype::text COLLATE "C", enumsortorder;
SELECT c.relname COLLATE "C", c.relkind, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod), col_description(c.oid, a.attnum), c.relacl
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relnamespace = 'georisk'::regnamespace ORDER BY 1, 3;
SELECT relname COLLATE "C", pg_get_viewdef(oid) FROM pg_class WHERE relnamespace = 'georisk'::regnamespace AND relkind = 'v' ORDER BY 1;
SELECT o.oid::regoperator::text COLLATE "C", oprkind, oprcanmerge, oprcanhash, oprcom::regoperator, oprnegate::regoperator, oprcode, oprrest, oprjoin
FROM pg_operator o JOIN member ON classid = 'pg_operator'::regclass AND objid = o.oid ORDER BY 1;
SELECT castsource::regtype, casttarget::regtype, castfunc::regprocedure, castcontext, castmethod
FROM pg_cast c JOIN member ON classid = 'pg_cast'::regclass AND objid = c.oid ORDER BY 1::text, 2::text;
SELECT opcname, opcmethod, opcintype::regtype, opcdefault FROM pg_opclass c JOIN member ON classid = 'pg_opclass'::regclass AND objid = c.oid ORDER BY 1;
SELECT nspname, nspacl FROM pg_namespace WHERE nspname = 'georisk';
SELECT extname, extversion, extrelocatable, extconfig FROM pg_extension WHERE extname = 'georisk';

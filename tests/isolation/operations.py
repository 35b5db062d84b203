"""What a map's users do, as statements for the isolation tester: each runs in a transaction of its own beside another.

{me} is the session, 1 or 2, so that two of a kind are two different rows where that is meant. `draft` says whether the
operation needs an open draft (True), opens one (False) or does not mind (None). `refused` are the SQLSTATEs, other than
40001, with which it may end beside another one: documented refusals, after which nothing has changed. UPDATE and DELETE name
their rows by key: a row that comes while they wait is none of theirs, as everywhere in PostgreSQL.
"""
from typing import NamedTuple, Optional


class Operation(NamedTuple):
    sql: str
    then: str = ""  # a second statement, after the other one has begun to act
    quick: bool = False
    draft: Optional[bool] = None
    refused: tuple = ()
    read_only: bool = False
    blocks: tuple = ()  # operations that wait from the first statement on until this one ends, where it has two
    unordered: tuple = ()  # beside these, REPEATABLE READ promises no serial order: they compare by a key that this one changes


NEED_READ_COMMITTED = ("activate", "redraw", "open_draft", "import", "rebuild", "upgrade", "assess", "alias", "alias_change", "alias_delete",
                       "announce", "overrule", "publish", "policy", "policy_day", "measure", "add_layer", "reduce", "erase")
ACTIVE_TRANSACTION = "25001"  # how they refuse a snapshot that is older than the locks they wait for

DUPLICATE = "23505"
NO_DATA = "P0002"
NOT_IN_STATE = "55000"
FOLLOWS = "22023"  # zones of that day are in force already
BEHIND = "22023"  # than what was recorded while it waited

REPORT = "INSERT INTO isolated.report (source, external_id, revision, report_day, zone_code, withdrawn) VALUES "
LINES = ("INSERT INTO isolated.report_in (source, external_id, revision, report_day, zone_code) VALUES "
         "('lab', 'r1', '2', '2021-09-29', 'B'), ('lab', 'r1', '1', '2021-09-28', 'A'), ('lab', 's1', '1', '2021-09-30', 'Nhà 5'), "
         "('lab', 's2', '1', '31/02/2021', 'A'), ('lab', NULL, NULL, '2021-09-30', 'A');")

OPERATIONS = {
    "insert": Operation(REPORT + "('lab', 'n{me}', 1, '2021-09-30', 'B', false);", quick=True),
    "insert_same": Operation(REPORT + "('lab', 'same', 1, '2021-09-30', 'Nhà 5', false);", refused=(DUPLICATE,)),
    "upsert": Operation(REPORT + "('lab', 'r1', 2, '2021-09-30', 'A', false), ('lab', 'same', 1, '2021-09-30', 'A', false) "
                        "ON CONFLICT (source, external_id, revision) DO UPDATE SET n = 1 + excluded.n;"),
    "revise": Operation(REPORT + "('lab', 'r1', 1 + {me}, '2021-09-30', 'B', false);", quick=True, refused=(DUPLICATE,)),
    "withdraw": Operation(REPORT + "('lab', 'r1', 3 + {me}, '2021-09-30', 'B', true);"),
    "update": Operation("UPDATE isolated.report SET zone_code = 'B', n = n + {me} WHERE source = 'lab' AND external_id IN ('r1', 'r2') AND revision = 1;"),
    "renumber": Operation("UPDATE isolated.report SET revision = 9 WHERE source = 'lab' AND external_id = 'r1' AND revision = 1;", refused=(DUPLICATE,),
                          unordered=("submit",)),
    "delete": Operation("DELETE FROM isolated.report WHERE source = 'lab' AND external_id = 'r1' AND revision = 1;"),
    "truncate": Operation("TRUNCATE isolated.report;"),
    "raw": Operation("INSERT INTO isolated.report_in (source, external_id, report_day, zone_code) VALUES ('lab', 'w{me}', '2021-09-30', 'A');"),
    "submit": Operation(LINES, then="SELECT received FROM georisk.submit_reports('isolated', 'lab', 'lab.csv', '2021-09-30');",
                        quick=True, refused=(DUPLICATE,), blocks=("upgrade", "reduce", "erase")),
    "submit_other": Operation(
        "INSERT INTO isolated.report_in (source, external_id, report_day, zone_code) VALUES ('ward{me}', 'r1', '2021-09-30', 'A'); "
        "SELECT received FROM georisk.submit_reports('isolated', 'ward{me}', 'ward.csv', '2021-10-01');"),
    "source": Operation("INSERT INTO isolated.source (source, date_formats) VALUES ('lab', ARRAY['DD/MM/YYYY', 'YYYY-MM-DD']) "
                        "ON CONFLICT (source) DO UPDATE SET date_formats = excluded.date_formats;"),
    "alias": Operation("INSERT INTO isolated.zone_alias (alias, zone_code) VALUES ('Nhà 5', 'A');", quick=True, refused=(DUPLICATE,)),
    "alias_change": Operation("UPDATE isolated.zone_alias SET zone_code = 'B' WHERE alias = 'Nhà 6';"),
    "alias_delete": Operation("DELETE FROM isolated.zone_alias WHERE alias = 'Nhà 6';"),
    "value": Operation("INSERT INTO isolated.zone_value (zone_code, name, day, value) VALUES ('A', 'contact', '2021-09-30', 'no');"),
    "assess": Operation("SELECT georisk.assess('isolated') > 0 AS assessed;", quick=True),
    "announce": Operation("SELECT georisk.announce('isolated', georisk.assess('isolated')) > 0 AS announced;"),
    "overrule": Operation("SELECT georisk.override_tier('isolated', 'A', floor => 'red', reason => 'why', until => '2021-12-31') > 0 AS overruled;"),
    "publish": Operation("SELECT georisk.publish_tiers('isolated', 'why') > 0 AS published;"),
    "activate": Operation("SELECT georisk.activate_zones('isolated', '2021-10-01');", quick=True, draft=True, refused=(NOT_IN_STATE, FOLLOWS)),
    "zone": Operation("INSERT INTO isolated.zone (code, geom) VALUES ('N{me}', ST_Multi(ST_MakeEnvelope(0, 100 * {me}, 100, 100 + 100 * {me}, 32648)));",
                      draft=True, refused=(NOT_IN_STATE,)),
    "open_draft": Operation("SELECT georisk.open_draft('isolated', copy_zones => true);", draft=False, refused=(NOT_IN_STATE,)),
    "import": Operation("SELECT georisk.import_zones('isolated', 'isolated_new'::regclass);", draft=False, refused=(NOT_IN_STATE,)),
    "redraw": Operation("SELECT georisk.open_draft('isolated'); SELECT georisk.import_zones('isolated', 'isolated_new'::regclass);",
                        then="SELECT georisk.activate_zones('isolated', '2021-10-01');", draft=False, refused=(NOT_IN_STATE, FOLLOWS),
                        blocks=("activate", "redraw", "open_draft", "import", "upgrade", "rebuild")),
    "set_day": Operation("SELECT georisk.set_day('isolated', '2021-10-0{me}'::date + 1);"),
    "policy": Operation("UPDATE isolated.layer_policy SET policy = georisk.policy('alert_counts', jsonb_build_object('days', 7 * {me}));"),
    "policy_day": Operation("INSERT INTO isolated.layer_policy (layer_id, valid_from, policy) SELECT min(layer_id), '2021-09-30', georisk.policy('alert_counts') "
                            "FROM isolated.layer;", refused=(DUPLICATE,)),
    "measure": Operation("UPDATE isolated.measure SET filter = jsonb_build_object('origin', jsonb_build_array('imported', NULL)) WHERE name = 'cases';"),
    "add_layer": Operation("SELECT georisk.add_layer('isolated', 'dengue', 'alert_counts', ARRAY['dengue']);", refused=(DUPLICATE, "42710")),
    "read": Operation("SELECT count(*) > 0 AND count(*) = count(DISTINCT code) AND count(*) = "
                      "(SELECT count(*) FROM isolated.zone z JOIN isolated.zone_set s USING (zone_set_id) WHERE z.is_leaf AND s.name = min(r.zone_set)) "
                      "AS each_zone_once FROM isolated.zone_risk r;", quick=True, read_only=True),
    "read_views": Operation(
        "SELECT (SELECT sum(zones) FROM isolated.tier_summary) = (SELECT count(*) FROM isolated.zone_risk) AS summed, "
        "(SELECT count(*) FROM isolated.zone_risk_at('2021-09-30', now())) >= 2 AS known, "
        "(SELECT count(*) >= 0 FROM isolated.green_zone_watch) AS watched, (SELECT count(*) FROM isolated.zone_risk_points) >= 2 AS pointed;",
        read_only=True),
    "verify": Operation("SELECT count(*) = 0 AS nothing_found FROM georisk.verify('isolated');", quick=True, read_only=True),
    "rebuild": Operation("SELECT count(*) = 0 AS nothing_to_mend FROM georisk.rebuild('isolated');"),
    "upgrade": Operation("SELECT georisk.upgrade_map('isolated') = 0 AS nothing_missing;"),
    "reduce": Operation("SELECT georisk.reduce_reports('isolated', '2021-09-29'::date) >= 0 AS reduced;"),
    "erase": Operation("SELECT georisk.erase_report('isolated', 'lab', 'r1', 'request') > 0 AS erased;", refused=(NO_DATA,)),
    "set_clock": Operation("SELECT georisk.set_day('isolated', '2021-10-01', clock_timestamp());", refused=(BEHIND,)),
}

"""Statements in turns, in one session that has run each once before, in the server process's time on the CPU and by the clock."""
import os
import re
import statistics
import subprocess

PSQL = ["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1"]
CLOCK = ("SELECT 'CLOCK ' || split_part(pg_read_file('/proc/self/schedstat'), ' ', 1) || ' ' || "
         "(extract(epoch FROM clock_timestamp()) * 1e9)::bigint;")
SERIAL = "SET max_parallel_workers_per_gather = 0; SET jit = off; SET work_mem = '256MB'; SET search_path = public, georisk;"
broken = []


def psql(script, **options):
    return subprocess.run(PSQL + ["-A", "-t"], input=script, stdout=subprocess.PIPE, text=True, check=True, **options).stdout


CPU, BY_CLOCK = 0, 1


def turns(statements, runs=5, settings="", warm=True):
    """For each statement, by name, what each turn took: seconds of CPU and by the clock. A factor stands for a part of the rows."""
    turn = CLOCK + "".join("\n" + statement + ";\n" + CLOCK for _, _, statement in statements) + "\n"
    said = psql("\n".join([SERIAL, settings, turn * (runs + warm)]))
    clocks = [(int(cpu) / 1e9, int(wall) / 1e9) for cpu, wall in re.findall(r"^CLOCK (\d+) (\d+)$", said, re.M)]
    each = len(statements) + 1
    assert len(clocks) == each * (runs + warm)
    return {name: [tuple((after - before) * factor for before, after in zip(clocks[turn * each + at], clocks[turn * each + at + 1]))
                   for turn in range(warm, runs + warm)] for at, (name, factor, _) in enumerate(statements)}


REAPED = ("SELECT pg_sleep(0.3);\nSELECT 'REAPED ' || (s[16]::bigint + s[17]::bigint) FROM (SELECT string_to_array(pg_read_file('/proc/' || "
          "split_part(pg_read_file('postmaster.pid'), E'\\n', 1) || '/stat'), ' ') AS s) AS stat;\n")


def processes(statement, workers, runs=5, settings=""):
    """Seconds of CPU a run: of the process that is asked, and of all its workers together, which the postmaster is charged with when they
    are gone. What two processes gain shows so on a machine that is busy, too."""
    said = psql("\n".join([SERIAL, settings, f"SET max_parallel_workers_per_gather = {workers}; SET min_parallel_table_scan_size = '1MB';",
                           statement + ";", REAPED, CLOCK, (statement + ";\n") * runs, CLOCK, REAPED]))
    own = [int(cpu) / 1e9 for cpu in re.findall(r"^CLOCK (\d+)", said, re.M)]
    reaped = [int(ticks) / os.sysconf("SC_CLK_TCK") for ticks in re.findall(r"^REAPED (\d+)", said, re.M)]
    return (own[1] - own[0]) / runs, (reaped[1] - reaped[0]) / runs


def gain(name, statement, settings="", **limits):
    """How many times as fast two processes could be as one: one's work by that of the busier of two."""
    alone, _ = processes(statement, 0, settings=settings)
    leader, worker = processes(statement, 1, settings=settings)
    bound("%s: one process, %.3f s, by the busier of two, %.3f and %.3f s" % (name, alone, leader, worker), alone / max(leader, worker), **limits)


def median(spent, clock=CPU):
    return statistics.median(turn[clock] for turn in spent)


def ratio(found, name, base, clock=CPU):
    """The median of the ratios of each turn: what else the machine does weighs on both."""
    return statistics.median(one[clock] / other[clock] for one, other in zip(found[name], found[base]))


def table(title, found, base, clock=CPU):
    print("\n%s\n%-66s %9s %8s" % (title, "", "seconds", "ratio"))
    for name, spent in found.items():
        print("%-66s %9.3f %8.2f" % (name, median(spent, clock), ratio(found, name, base, clock)), flush=True)


def bound(what, value, least=None, most=None, wanted=None):
    """Prints a figure and what it should be; one that is out of bounds fails the bench in the end, one that is only wanted better does not."""
    good = (least is None or value >= least) and (most is None or value <= most)
    met = wanted is None or (value >= wanted if least is not None else value <= wanted)
    print("%-90s %8.2f  %s %g%s%s" % (what, value, "at least" if least is not None else "at most", least if least is not None else most,
                                      "" if met else ", wanted %g" % wanted, "" if good else ": BROKEN"), flush=True)
    if not good:
        broken.append(what)


def verdict():
    return "bench: a bound is broken: " + "; ".join(broken) if broken else 0


def machine():
    with open("/proc/cpuinfo", encoding="utf-8") as lines:
        cpu = re.search(r"model name\s*: (.*)", lines.read()).group(1)
    print(cpu + "; " + psql("SELECT split_part(version(), ' on ', 1) || ', PostGIS ' || public.postgis_lib_version()").strip())

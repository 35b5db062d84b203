"""One who writes reports, and keeps an account of what was acknowledged, outside the server.

A writer is its seed: the same statements in the same order, as far as the others let it. Only it sends what its source
sends, so that it knows what must be there.
"""
import random
import threading

from session import Session, ask

RETRY = ("40001",)  # the only error that a writer may meet; another try may succeed
CODES = [f"G{i}" for i in range(0, 200)] + ["Nhà 1", "Nhà 2", "unheard of"]


class Account:
    """What was tried and what was acknowledged: keys (external id, revision), and files with their number of rows."""

    def __init__(self, path):
        self.path = path
        self.tried, self.acknowledged = set(), set()
        self.files_tried, self.files_acknowledged = {}, set()
        self.values_acknowledged = 0

    def acknowledge(self, keys, file=None):
        self.acknowledged |= keys
        if file is not None:
            self.files_acknowledged.add(file)
        with open(self.path, "a") as out:
            for external_id, revision in sorted(keys):
                print(external_id, revision, file or "-", file=out)


class Writer(threading.Thread):
    def __init__(self, number, folder, stop, pause=None, tolerated=()):
        super().__init__(name=f"writer{number}", daemon=True)
        self.rng = random.Random(number)
        # most write as everybody does, two at the higher levels
        self.session = Session(self.name, {7: "repeatable read", 8: "serializable"}.get(number))
        self.source = f"w{number}"
        self.account = Account(f"{folder}/{self.name}")
        self.stop_event, self.pause, self.tolerated = stop, pause, tolerated
        self.idle = threading.Event()
        self.next_id, self.highest, self.files = 0, {}, []
        self.done, self.retries, self.unexpected = 0, 0, []

    def report(self, external_id, revision, withdrawn="false"):
        day = 20 + self.rng.randrange(10)
        return (f"('{self.source}', '{external_id}', {revision}, '2021-09-{day}', {self.rng.choice(['NULL', repr('h1')])}, "
                f"'{self.rng.choice(CODES)}', ST_Point({self.rng.randrange(1050)}, {self.rng.randrange(2050)}, 32648), {withdrawn})")

    def new_ids(self, count):
        ids = [f"r{self.next_id + i}" for i in range(count)]
        self.next_id += count
        return ids

    def try_to(self, keys, statements, file=None, rows=0):
        """One transaction, again where PostgreSQL says so; what was written is known only when COMMIT was answered."""
        self.account.tried |= keys
        for external_id, revision in keys:
            self.highest[external_id] = max(revision, self.highest.get(external_id, 0))
        if file is not None:
            self.account.files_tried[file] = rows
        while not self.stop_event.is_set():
            state, printed = self.session.transaction(*statements)
            if state == "00000":
                self.account.acknowledge(keys, file)
                self.done += 1
                return True
            if state not in RETRY:
                if state not in self.tolerated:
                    self.unexpected.append(f"{self.name}: {state}: {printed}")
                return False
            self.retries += 1
        return False

    INTO = "INSERT INTO report (source, external_id, revision, report_day, household, zone_code, geom, withdrawn) VALUES "

    def insert(self):
        (one,) = self.new_ids(1)
        self.try_to({(one, 1)}, [self.INTO + self.report(one, 1)])

    def copy(self):
        ids = self.new_ids(40)
        rows = "".join(f"{self.source},{i},1,2021-09-{20 + self.rng.randrange(10)},{self.rng.choice(CODES)}\n" for i in ids)
        self.try_to({(i, 1) for i in ids},
                    [("COPY report (source, external_id, revision, report_day, zone_code) FROM STDIN (FORMAT csv)", rows)])

    def revise(self):
        known = sorted(self.highest)
        if not known:
            return
        some = self.rng.sample(known, min(3, len(known)))
        keys = {(i, self.highest[i] + self.rng.choice([1, 2])) for i in some}
        self.try_to(keys, [self.INTO + self.report(i, revision, self.rng.choice(["true", "false", "false"])) for i, revision in sorted(keys)])

    def submit(self):
        """A file: new rows, one of them twice, one that is no report; now and then the file before once more."""
        if self.files and self.rng.random() < 0.3:
            keys, lines = self.rng.choice(self.files)
        else:
            ids = self.new_ids(30)
            keys = {(i, 1) for i in ids}
            lines = [f"{self.source},{i},1,{20 + self.rng.randrange(10)}/09/2021,{self.rng.choice(CODES)}" for i in ids]
            lines += [lines[0], f"{self.source},bad{ids[0]},1,31/02/2021,G1"]
            self.files.append((keys, lines))
        self.rng.shuffle(lines)
        file = f"{self.source}-{len(self.account.files_tried)}.csv"
        self.try_to(keys, [("COPY report_in (source, external_id, revision, report_day, zone_code) FROM STDIN (FORMAT csv)",
                            "\n".join(lines) + "\n"),
                           f"SELECT received FROM georisk.submit_reports('m', '{self.source}', '{file}', '2021-09-{20 + self.rng.randrange(10)}')"],
                    file, len(lines))

    def alias(self):
        if self.session.level:
            return
        alias, code = self.rng.choice(["Nhà 1", "Nhà 2"]), self.rng.choice(CODES[:200])
        self.try_to(set(), [self.rng.choice([
            f"INSERT INTO zone_alias (alias, zone_code, source) VALUES ('{alias}', '{code}', '{self.source}') "
            "ON CONFLICT (folded, source) DO UPDATE SET zone_code = excluded.zone_code",
            f"UPDATE zone_alias SET zone_code = '{code}' WHERE source = '{self.source}'",
            f"DELETE FROM zone_alias WHERE alias = '{alias}' AND source = '{self.source}'"])])

    def value(self):
        if self.try_to(set(), [f"INSERT INTO zone_value (zone_code, name, day, value, source) VALUES "
                               f"('{self.rng.choice(CODES[:200])}', 'contact', '2021-09-30', '{self.rng.choice(['yes', 'no'])}', '{self.source}')"]):
            self.account.values_acknowledged += 1

    def run(self):
        acts = [self.insert] * 6 + [self.copy] * 2 + [self.revise] * 3 + [self.submit] * 2 + [self.alias, self.value]
        try:
            while not self.stop_event.is_set():
                if self.pause is not None and self.pause.is_set():
                    self.idle.set()
                    self.stop_event.wait(0.02)
                    continue
                self.idle.clear()
                self.rng.choice(acts)()
        except Exception as error:  # a thread's traceback would go unseen
            self.unexpected.append(f"{self.name}: {error!r}")
        finally:
            self.idle.set()
            self.session.close()


def lost_rows(writers):
    """What an account says and the map does not, or the other way round: acknowledged, then stored, then tried."""
    found = []
    for writer in writers:
        account = writer.account
        stored = {tuple(line.split("|")) for line in ask(f"SELECT external_id, revision FROM report WHERE source = '{writer.source}'").splitlines()}
        stored = {(external_id, int(revision)) for external_id, revision in stored}
        if account.acknowledged - stored:
            found.append(f"{writer.source}: acknowledged and lost: {sorted(account.acknowledged - stored)[:5]}")
        if stored - account.tried:
            found.append(f"{writer.source}: never sent: {sorted(stored - account.tried)[:5]}")
        receipts = dict(line.split("|") for line in ask(f"SELECT file, received FROM submission WHERE source = '{writer.source}'").splitlines())
        if account.files_acknowledged - set(receipts):
            found.append(f"{writer.source}: receipts lost: {sorted(account.files_acknowledged - set(receipts))[:5]}")
        for file, received in receipts.items():
            if int(received) != account.files_tried.get(file):
                found.append(f"{writer.source}: {file}: {received} received, {account.files_tried.get(file)} sent")
        if int(ask(f"SELECT count(*) FROM zone_value WHERE source = '{writer.source}'")) < account.values_acknowledged:
            found.append(f"{writer.source}: zone values lost")
    # a file and its submission are one transaction: nothing waits
    if ask("SELECT count(*) FROM report_in") != "0":
        found.append("rows wait in report_in: a submission was not all or nothing")
    return found


RECEIPTS = """SELECT count(*) FROM submission s WHERE received <> duplicate
    + (SELECT count(*) FROM report r WHERE r.submission_id = s.submission_id)
    + (SELECT count(*) FROM rejected_report j WHERE j.submission_id = s.submission_id)"""


def wrong_things(writers):
    found = lost_rows(writers)
    if ask(RECEIPTS) != "0":
        found.append("a receipt does not add up with what is there")
    found += ask("SELECT concat_ws(' ', what, key, 'is', stored, 'not', recomputed) FROM georisk.verify('m') LIMIT 10").splitlines()
    return found

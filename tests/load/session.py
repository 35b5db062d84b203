"""A psql session that is told one statement at a time and says how each ended."""
import subprocess

LOST = "lost"  # the connection was: whether the statement was done is not known


class Session:
    def __init__(self, name, level=None):
        self.name = name
        self.level = level
        self.process = None

    def open(self):
        self.process = subprocess.Popen(
            ["psql", "-XAtq", "-v", "VERBOSITY=verbose", "-v", "ON_ERROR_STOP=0"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True)
        start = f"SET application_name = '{self.name}'; SET client_min_messages = error; SET search_path = m, public"
        if self.level:
            start += f"; SET default_transaction_isolation = '{self.level}'"
        return self.run(start)[0] == "00000"

    def close(self):
        if self.process is None:
            return
        try:
            self.process.stdin.close()
        except BrokenPipeError:
            pass
        self.process.wait()
        self.process = None

    def run(self, statement, rows=None):
        """(SQLSTATE of the last statement or LOST, what was printed)."""
        if self.process is None and not self.open():
            return LOST, ""
        text = statement + ";\n" + ("" if rows is None else rows + "\\.\n") + "\\echo :SQLSTATE end_of_answer\n"
        printed = []
        try:
            self.process.stdin.write(text)
            self.process.stdin.flush()
        except (BrokenPipeError, OSError):
            self.close()
            return LOST, ""
        for line in self.process.stdout:
            if line.endswith(" end_of_answer\n"):
                return line.split()[0], "".join(printed)
            printed.append(line)
        self.close()
        return LOST, "".join(printed)

    def transaction(self, *statements):
        """All of them, or none: the first SQLSTATE that is not 00000. COMMIT is acknowledged or it is not."""
        answers = []
        for statement in ("BEGIN",) + statements + ("COMMIT",):
            state, printed = self.run(*statement) if isinstance(statement, tuple) else self.run(statement)
            if state != "00000":
                if state != LOST:
                    self.run("ROLLBACK")
                return state, printed
            answers.append(printed.strip())
        return "00000", answers[1:-1]


def ask(statement):
    done = subprocess.run(["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-c", "SET client_min_messages = error",
                           "-c", "SET search_path = m, public", "-c", statement], capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(done.stderr)
    return done.stdout.strip()

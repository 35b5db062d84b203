"""Reads the feed of the map m into a folder until it is killed: feed_reader.py FOLDER [--to-the-end]. Keeps what it has read first, and how
far it has read after that, so that a crash in between makes it read something again."""
import os
import pathlib
import sys

from session import Session

folder = pathlib.Path(sys.argv[1])
session = Session("feed reader")
after = int((folder / "after").read_text()) if (folder / "after").exists() else 0
while True:
    state, printed = session.run(f"SELECT row_to_json(c) FROM georisk.tier_changes_after('m', {after}, 300) c")
    if state != "00000":
        sys.exit(f"feed reader: {state} {printed}")
    if not printed:
        if "--to-the-end" in sys.argv:
            break
        continue
    with open(folder / "kept", "a") as kept:
        # what a crash cut off ends here
        kept.write("\n" + printed)
        kept.flush()
        os.fsync(kept.fileno())
    after = int(printed.rstrip().rsplit("\n", 1)[-1].split('"tier_change_id":', 1)[1].split(",", 1)[0])
    (folder / "after.new").write_text(str(after))
    os.replace(folder / "after.new", folder / "after")
session.close()

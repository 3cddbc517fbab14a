"""Sets the bot beside its peers: `python -m bench [--peers-folder FOLDER] [options of measure.py]`.

measure.py, the stub and the peers lie outside the checkout; README.md says where they come from.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

from bench import stub

ROOT = Path(__file__).parent.parent


def main() -> int:
    """Run measure.py with this bot among the peers, each with the same number of users; return its exit code."""
    parser = argparse.ArgumentParser("python -m bench", description=__doc__, allow_abbrev=False)
    parser.add_argument("--peers-folder", type=Path, default=ROOT.parent / "shared" / "peers", help="of measure.py")
    asked, rest = parser.parse_known_args()
    own = ["--peer", f"ours={stub.COMMAND} -m bench.bot", "--rows", f"ours={sys.executable} -m bench.rows"]
    run = asked.peers_folder.resolve() / "run.sh"
    return subprocess.run(["bash", run, "--flat", *own, *rest], cwd=ROOT, env=environment()).returncode


def environment() -> dict[str, str]:
    """Return the environment of the peers, whose programs are built outside the checkout."""
    built = ROOT.parent / "peers-built"
    return {"PEERS_ENV": str(built), **os.environ, "PYTHONPATH": str(ROOT)}


if __name__ == "__main__":
    sys.exit(main())

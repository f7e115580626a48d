"""The main job on a fresh clone: sets up what is missing, then `markwatch demo`."""

import os
import subprocess
import sys

from environment import ROOT, WINDOWS, prepare

if __name__ == "__main__":
    command = [str(prepare("run")), "-m", "markwatch", "demo", *sys.argv[1:]]
    os.chdir(ROOT)
    if WINDOWS:
        sys.exit(subprocess.run(command, check=False).returncode)
    os.execv(command[0], command)

"""The unit tests of widgets, on a display of their own: PROGRAM is the test program."""
import os
import subprocess
import sys

import driver

if os.environ.get("MW_UI_INSIDE") == "1":
    sys.exit(subprocess.run([sys.argv[1]]).returncode)
sys.exit(driver.run_inside(800, 600))

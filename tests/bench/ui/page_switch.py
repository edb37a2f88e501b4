"""Page switches of the window with an empty store, on a display of its own: see page-switch.c."""
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "ui"))
import driver  # noqa: E402

if os.environ.get("MW_UI_INSIDE") == "1":
    sys.exit(subprocess.run([sys.argv[1]], timeout=120).returncode)
sys.exit(driver.run_inside(1280, 800))

"""Put the files where Django looks for them: python begin.py. Run it once; doing it again changes
nothing.
"""

import sys
from pathlib import Path

MANAGE = """\
import os
import sys

from django.core.management import execute_from_command_line

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")
execute_from_command_line(sys.argv)
"""
FOLDERS = ("rota/migrations", "rota/templates/rota", "rota/templates/registration")
STAY = ("begin.py", "manage.py", "settings.py")


def target(file):
    """Return the folder in which a file belongs."""
    if file.name == "login.html":
        return FOLDERS[2]
    if file.suffix == ".html":
        return FOLDERS[1]
    return FOLDERS[0] if file.name[:4].isdigit() else "rota"


if not Path("settings.py").exists():
    sys.exit("Run this in the folder with the starter files.")
for folder in FOLDERS:
    Path(folder).mkdir(parents=True, exist_ok=True)
for package in ("rota", "rota/migrations"):
    Path(package, "__init__.py").touch()
if not Path("manage.py").exists():
    Path("manage.py").write_text(MANAGE)
for file in sorted([*Path().glob("*.py"), *Path().glob("*.html")]):
    place = Path(target(file), file.name)
    if file.name not in STAY and not place.exists():
        file.rename(place)
        print(place)

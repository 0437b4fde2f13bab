"""Cut an input that makes a program fail to the smallest one that still does.

    python shrink.py messy.csv -- python orders.py FILE

tries smaller and smaller copies of messy.csv in place of FILE, and writes messy.csv.small.
"""

import subprocess
import sys


def shrink(items, fails):
    """Return the shortest list of items, in their order, that this method finds to fail.

    `fails` takes a list and tells if the failure shows. It has to for all items, else ValueError is raised.
    From what comes back no single item can be left out any more. `fails` is never asked twice about the
    same list, and never about all items but to begin with.

    The method, known as delta debugging: cut the list into n parts, 2 to begin with. If it fails without
    one of them, leave that part out, and use one part fewer, 2 at least. If it fails without none of them,
    double n. Stop when the parts have one item each and none can be left out.
    """
    raise NotImplementedError


def failure_of(command, content):
    """Run a command on a file with some bytes and return what its failure looks like, or None.

    FILE in the command is where the file's name goes. What it looks like is the exit status with the last
    line of standard error. A program that takes more than ten seconds fails with "timeout". A status of
    0 is no failure.
    """
    raise NotImplementedError


def main(arguments):
    """Shrink a file by lines and return the exit status: 0, or 1 if the command doesn't fail."""
    raise NotImplementedError


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Cut an input that makes a program fail to the smallest one that still does."""

import pathlib
import subprocess
import sys
import tempfile


def shrink(items, fails):
    """Return a shortest list of items, in their order, that fails."""
    items = list(items)
    if not fails(items):
        raise ValueError("all items together don't fail")
    places, parts, known = tuple(range(len(items))), 2, {}

    def fail(chosen):
        if chosen not in known:
            known[chosen] = fails([items[place] for place in chosen])
        return known[chosen]

    while places:
        parts = min(parts, len(places))
        for number in range(parts):
            begin, end = number * len(places) // parts, (number + 1) * len(places) // parts
            rest = places[:begin] + places[end:]
            if fail(rest):
                places, parts = rest, max(parts - 1, 2)
                break
        else:
            if parts == len(places):
                break
            parts *= 2
    return [items[place] for place in places]


def failure_of(command, content):
    """Run a command on a file with some bytes and return what its failure looks like, or None."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "input")
        path.write_bytes(content)
        words = [str(path) if word == "FILE" else word for word in command]
        try:
            done = subprocess.run(words, capture_output=True, timeout=10, check=False)
        except subprocess.TimeoutExpired:
            return "timeout"
    if done.returncode == 0:
        return None
    lines = done.stderr.decode(errors="replace").strip().splitlines()
    return f"{done.returncode} {lines[-1] if lines else ''}"


def main(arguments):
    """Shrink a file by lines and return the exit status."""
    name, _, *command = arguments
    lines = pathlib.Path(name).read_bytes().splitlines(keepends=True)
    wanted = failure_of(command, b"".join(lines))
    if wanted is None:
        print(f"shrink: the command doesn't fail on {name}", file=sys.stderr)
        return 1
    small = shrink(lines, lambda some: failure_of(command, b"".join(some)) == wanted)
    pathlib.Path(f"{name}.small").write_bytes(b"".join(small))
    print(f"{len(lines)} lines, {len(small)} left: {wanted}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Tests of the store. Run them with: python -m unittest test_logstore"""

import os
import pathlib
import random
import subprocess
import sys
import tempfile
import tracemalloc
import unittest
from unittest import mock

import logstore

HERE = pathlib.Path(__file__).parent
WRITER = """
import sys
sys.path.insert(0, sys.argv[1])
import logstore
store = logstore.Store(sys.argv[2])
for number in range(1_000_000):
    store.put(f"key{number % 7}", str(number).encode())
    print(number, flush=True)
"""


class Stores(unittest.TestCase):
    """A folder for a store."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = pathlib.Path(folder.name, "data.log")

    def open(self):
        store = logstore.Store(str(self.path))
        self.addCleanup(store.close)
        return store

    def reopen(self, store):
        store.close()
        return self.open()

    def content(self, store):
        names = store.keys()
        return {key: store.get(key) for key in names}

    def write_some(self):
        """Make five changes. Return the content of the store, and the size of the file, after each."""
        store = self.open()
        states, sizes = [{}], [self.path.stat().st_size]
        steps = [
            {"a": b"1"},
            {"b": b"22" * 20},
            {"a": b"333", "c": b""},
            {"b": None},
            {"d": bytes(range(256))},
        ]
        for step in steps:
            store.change(step)
            states.append(self.content(store))
            sizes.append(self.path.stat().st_size)
        store.close()
        return states, sizes


class TestStarter(Stores):
    def test_a_file_is_created(self):
        self.open()
        self.assertTrue(self.path.exists())


class TestStore(Stores):
    def test_put_get_delete(self):
        store = self.open()
        store.put("a", b"one")
        store.put("b", b"two")
        store.put("a", b"three")
        store.delete("b")
        store.delete("nothing")
        self.assertEqual((store.get("a"), store.get("b"), store.get("c")), (b"three", None, None))
        self.assertEqual(store.keys(), ["a"])

    def test_it_is_all_there_after_opening_again(self):
        store = self.open()
        wanted = {"": b"", "ü\n": b"\x00\xff\n", "long": b"x" * 100_000, "a b": b"c"}
        for key, value in wanted.items():
            store.put(key, value)
        store.put("gone", b"x")
        store.delete("gone")
        self.assertEqual(self.content(self.reopen(store)), wanted)

    def test_it_agrees_with_a_dictionary(self):
        chance, store, model = random.Random(3), self.open(), {}
        with mock.patch("os.fsync"):
            for number in range(400):
                key, choice = chance.choice("abcdef"), chance.random()
                if choice < 0.6:
                    store.put(key, str(number).encode())
                    model[key] = str(number).encode()
                elif choice < 0.8:
                    store.delete(key)
                    model.pop(key, None)
                elif choice < 0.9:
                    store = self.reopen(store)
                else:
                    store.compact()
                self.assertEqual(self.content(store), model)

    def test_values_stay_on_the_disk(self):
        store = self.open()
        with mock.patch("os.fsync"):
            for number in range(50):
                store.put(str(number), os.urandom(100_000))
        tracemalloc.start()
        store = self.reopen(store)
        left = tracemalloc.get_traced_memory()[0]
        tracemalloc.stop()
        self.assertEqual(len(store.get("7")), 100_000)
        self.assertLess(left, 1_000_000)


class TestPowerCut(Stores):
    def test_what_was_stored_is_on_the_disk_before_the_call_returns(self):
        store, seen = self.open(), []
        with mock.patch("os.fsync", side_effect=lambda _: seen.append(self.path.read_bytes())):
            store.put("key", b"a certain value")
        self.assertTrue(seen)
        self.assertIn(b"a certain value", seen[-1])

    def test_a_cut_at_any_byte_loses_the_last_change_at_most(self):
        states, sizes = self.write_some()
        whole = self.path.read_bytes()
        for length in range(len(whole) + 1):
            self.path.write_bytes(whole[:length])
            store = logstore.Store(str(self.path))
            complete = max(number for number, size in enumerate(sizes) if size <= length)
            self.assertEqual(self.content(store), states[complete], length)
            store.close()

    def test_after_a_cut_new_changes_are_safe_again(self):
        states, _ = self.write_some()
        whole = self.path.read_bytes()
        for lost in (1, 5, 100):
            self.path.write_bytes(whole[:-lost])
            store = self.open()
            store.put("new", b"value")
            self.assertEqual(self.content(self.reopen(store)), states[-2] | {"new": b"value"})

    def test_zeros_at_the_end_are_cut_off(self):
        states, _ = self.write_some()
        whole = self.path.read_bytes()
        for number in (1, 7, 20, 5000):
            self.path.write_bytes(whole + bytes(number))
            store = self.open()
            store.put("new", b"value")
            self.assertEqual(self.content(self.reopen(store)), states[-1] | {"new": b"value"})

    def test_a_changed_byte_before_the_last_record_is_noticed(self):
        _, sizes = self.write_some()
        whole = self.path.read_bytes()
        for place in range(sizes[-2]):
            for change in (0x01, 0xFF):
                changed = bytearray(whole)
                changed[place] ^= change
                self.path.write_bytes(changed)
                with self.assertRaises(logstore.Damaged, msg=f"byte {place}"):
                    logstore.Store(str(self.path)).close()
                self.assertEqual(self.path.read_bytes(), changed)

    def test_one_in_the_last_record_never_gives_wrong_data(self):
        states, sizes = self.write_some()
        whole = self.path.read_bytes()
        for place in range(sizes[-2], len(whole)):
            changed = bytearray(whole)
            changed[place] ^= 0xFF
            self.path.write_bytes(changed)
            try:
                store = logstore.Store(str(self.path))
            except logstore.Damaged:
                continue
            self.assertEqual(self.content(store), states[-2], place)
            store.close()

    def test_a_killed_writer_loses_nothing_that_it_reported(self):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(HERE), str(self.path)], stdout=subprocess.PIPE, text=True
        )
        for line in writer.stdout:
            if int(line) >= 40:
                break
        writer.kill()
        rest = writer.stdout.read().split("\n")[:-1]
        writer.stdout.close()
        writer.wait()
        reported = int(rest[-1]) if rest else 40
        newest = max(int(value) for value in self.content(self.open()).values())
        self.assertIn(newest, (reported, reported + 1))


class TestCompact(Stores):
    def filled(self):
        store = self.open()
        with mock.patch("os.fsync"):
            for number in range(200):
                store.put("a", str(number).encode() * 50)
            store.put("b", b"two")
            store.delete("b")
            store.put("c", b"three")
        return store

    def test_the_file_becomes_small_and_nothing_is_lost(self):
        store = self.filled()
        before, wanted = self.path.stat().st_size, self.content(store)
        store.compact()
        self.assertLess(self.path.stat().st_size, before / 50)
        self.assertEqual(self.content(store), wanted)
        store.put("d", b"four")
        self.assertEqual(self.content(self.reopen(store)), wanted | {"d": b"four"})

    def test_a_failure_before_the_end_changes_nothing(self):
        store = self.filled()
        wanted = self.content(store)
        for name in ("os.replace", "os.fsync"):
            with mock.patch(name, side_effect=OSError("no space left")), self.assertRaises(OSError):
                store.compact()
        self.assertEqual(self.content(store), wanted)
        store.put("d", b"four")
        self.assertEqual(self.content(self.reopen(store)), wanted | {"d": b"four"})

    def test_the_new_file_is_on_the_disk_before_it_takes_the_place(self):
        store, order, replace = self.filled(), [], os.replace

        def replaced(*arguments):
            order.append("replace")
            replace(*arguments)

        with (
            mock.patch("os.fsync", side_effect=lambda _: order.append("fsync")),
            mock.patch("os.replace", side_effect=replaced),
        ):
            store.compact()
        self.assertIn("replace", order)
        self.assertEqual(order[0], "fsync")

    def test_a_file_that_was_left_half_made_does_no_harm(self):
        store = self.filled()
        wanted = self.content(store)
        with mock.patch("os.replace", side_effect=KeyboardInterrupt), self.assertRaises(KeyboardInterrupt):
            store.compact()
        store = self.reopen(store)
        self.assertEqual(self.content(store), wanted)
        self.assertEqual(os.listdir(self.path.parent), ["data.log"])

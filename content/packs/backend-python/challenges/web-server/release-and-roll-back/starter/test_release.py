"""Tests of the releases. Run them with: python -m unittest test_release"""

import contextlib
import io
import os
import pathlib
import sys
import tempfile
import unittest

import release

watched = []  # links that have to be there at each step
gaps = []


def watch(event, _):
    """Look at the link whenever Python is about to create, rename or remove something."""
    if event in ("os.symlink", "os.rename", "os.remove"):
        gaps.extend(link for link in watched if not os.path.lexists(link))


sys.addaudithook(watch)


class Releases(unittest.TestCase):
    """A base folder with shared uploads, and a program to release."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.base = pathlib.Path(folder.name, "base")
        self.source = pathlib.Path(folder.name, "source")
        (self.base / "shared" / "uploads").mkdir(parents=True)
        (self.base / "shared" / "uploads" / "cat.txt").write_text("a cat")
        (self.source / "uploads").mkdir(parents=True)
        (self.source / "uploads" / "placeholder").write_text("")
        (self.source / "version.txt").write_text("none")

    def deploy(self, name, **options):
        (self.source / "version.txt").write_text(name)
        release.deploy(self.base, self.source, name, **options)

    def version(self):
        return (self.base / "current" / "version.txt").read_text()

    def everything(self):
        folder = self.base / "releases"
        return sorted(os.listdir(folder)) if folder.exists() else []


class TestStarter(Releases):
    def test_at_first_there_are_no_releases(self):
        self.assertEqual(release.releases(self.base), [])


class TestDeploy(Releases):
    def test_the_first_release_goes_live(self):
        self.assertIsNone(release.live(self.base))
        self.deploy("001")
        self.assertEqual((self.version(), release.live(self.base)), ("001", "001"))
        self.assertEqual(self.everything(), ["001"])

    def test_the_next_one_takes_its_place_and_the_first_stays(self):
        self.deploy("001")
        self.deploy("002")
        self.assertEqual((self.version(), release.releases(self.base)), ("002", ["001", "002"]))

    def test_a_release_is_a_copy(self):
        self.deploy("001")
        (self.source / "version.txt").write_text("changed later")
        self.assertEqual(self.version(), "001")

    def test_current_is_never_missing(self):
        self.deploy("001")
        gaps.clear()
        watched.append(str(self.base / "current"))
        try:
            self.deploy("002")
            release.roll_back(self.base)
        finally:
            watched.clear()
        self.assertEqual(gaps, [])

    def test_the_base_can_be_moved(self):
        self.deploy("001")
        moved = self.base.rename(self.base.with_name("moved"))
        self.assertEqual((moved / "current" / "version.txt").read_text(), "001")
        self.assertEqual((moved / "current" / "uploads" / "cat.txt").read_text(), "a cat")

    def test_what_is_shared_is_the_same_in_each_release(self):
        self.deploy("001")
        (self.base / "current" / "uploads" / "dog.txt").write_text("a dog")
        self.deploy("002")
        self.assertEqual((self.base / "current" / "uploads" / "dog.txt").read_text(), "a dog")

    def test_names_that_lead_elsewhere_or_are_taken_are_refused(self):
        self.deploy("001")
        for name in ("", ".", "..", "../001", "a/b", ".hidden", "001"):
            with self.subTest(name), self.assertRaises(release.Refused):
                release.deploy(self.base, self.source, name)
        self.assertEqual((self.version(), self.everything()), ("001", ["001"]))


class TestCheck(Releases):
    def test_it_sees_a_complete_release_that_is_not_listed_yet(self):
        seen = []

        def check(folder):
            folder = pathlib.Path(folder)
            seen.append(
                ((folder / "version.txt").read_text(), (folder / "uploads" / "cat.txt").read_text())
            )
            seen.append(release.releases(self.base))
            return True

        self.deploy("001", check=check)
        self.assertEqual(seen, [("001", "a cat"), []])

    def test_a_release_that_fails_it_leaves_no_trace(self):
        self.deploy("001")
        with self.assertRaises(release.Refused):
            self.deploy("002", check=lambda folder: False)
        self.assertEqual((self.version(), self.everything()), ("001", ["001"]))

    def test_nor_does_one_in_which_the_check_or_the_copy_breaks(self):
        self.deploy("001")
        with self.assertRaises(ZeroDivisionError):
            self.deploy("002", check=lambda folder: 1 / 0)
        with self.assertRaises(OSError):
            release.deploy(self.base, self.source / "nowhere", "003")
        self.assertEqual((self.version(), self.everything()), ("001", ["001"]))


class TestRollBack(Releases):
    def test_one_back_and_one_more(self):
        for name in ("001", "002", "003"):
            self.deploy(name)
        release.roll_back(self.base)
        self.assertEqual(self.version(), "002")
        release.roll_back(self.base)
        self.assertEqual(self.version(), "001")
        with self.assertRaises(release.Refused):
            release.roll_back(self.base)
        self.assertEqual(self.version(), "001")

    def test_without_any_release(self):
        with self.assertRaises(release.Refused):
            release.roll_back(self.base)


class TestTidy(Releases):
    def test_the_newest_and_the_live_one_stay(self):
        for name in ("001", "002", "003", "004"):
            self.deploy(name)
        for _ in range(3):
            release.roll_back(self.base)
        release.tidy(self.base, 2)
        self.assertEqual((release.releases(self.base), self.version()), (["001", "003", "004"], "001"))
        release.tidy(self.base, 9)
        self.assertEqual(len(release.releases(self.base)), 3)

    def test_shared_files_survive(self):
        self.deploy("001")
        self.deploy("002")
        release.tidy(self.base, 1)
        self.assertEqual(release.releases(self.base), ["002"])
        self.assertTrue((self.base / "shared" / "uploads" / "cat.txt").exists())


class TestCommandLine(Releases):
    def run_it(self, *arguments):
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            status = release.main([str(each) for each in arguments])
        return status, out.getvalue(), err.getvalue()

    def test_deploy_list_and_roll_back(self):
        for name in ("001", "002"):
            self.assertEqual(self.run_it("deploy", self.base, self.source, name)[0], 0)
        self.assertEqual(self.run_it("rollback", self.base)[0], 0)
        lines = self.run_it("list", self.base)[1].splitlines()
        self.assertEqual([line.split()[0] for line in lines], ["001", "002"])
        self.assertEqual(["live" in line for line in lines], [True, False])

    def test_what_is_refused_is_one_line_and_status_1(self):
        status, _, err = self.run_it("rollback", self.base)
        self.assertEqual((status, len(err.splitlines())), (1, 1))

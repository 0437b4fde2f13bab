"""Tests of the rota. Run them with: python manage.py test"""

from datetime import timedelta

from django.contrib import admin
from django.contrib.auth.models import Permission, User
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client, TestCase, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from rota.models import Entry, Shift


@override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"])
class Rota(TestCase):
    """Three people, and a shift with two places tomorrow."""

    @classmethod
    def setUpTestData(cls):
        cls.ann, cls.bo, cls.cy = (
            User.objects.create_user(name, password=name) for name in ("ann", "bo", "cy")
        )
        cls.bar = cls.shift("Bar <b>team</b>", days=1)

    @staticmethod
    def shift(title, places=2, **later):
        return Shift.objects.create(title=title, starts=timezone.now() + timedelta(**later), places=places)

    def take(self, person, shift=None, what="take"):
        self.client.force_login(person)
        return self.client.post(f"/shifts/{(shift or self.bar).pk}/{what}", follow=True)

    def people(self, shift=None):
        return sorted(entry.person.username for entry in (shift or self.bar).entries.all())

    def titles(self, path="/"):
        page = self.client.get(path).content.decode()
        found = [(page.find(shift.title), shift.title) for shift in Shift.objects.all()]
        return [title for place, title in sorted(found) if place >= 0]


class TestStarter(TestCase):
    def test_there_is_a_page(self):
        self.assertContains(self.client.get("/"), "<h1>Shifts</h1>")


class TestModels(Rota):
    def refused(self, call):
        with self.assertRaises(IntegrityError), transaction.atomic():
            call()

    def test_nobody_is_on_a_shift_twice(self):
        Entry.objects.create(shift=self.bar, person=self.ann)
        Entry.objects.create(shift=self.bar, person=self.bo)
        self.refused(lambda: Entry.objects.create(shift=self.bar, person=self.ann))

    def test_a_shift_has_places(self):
        self.refused(lambda: self.shift("none", places=0, days=1))

    def test_entries_go_with_their_shift(self):
        Entry.objects.create(shift=self.bar, person=self.ann)
        self.bar.delete()
        self.assertEqual(Entry.objects.count(), 0)

    def test_a_shift_is_shown_by_its_title(self):
        self.assertEqual(str(self.bar), self.bar.title)

    def test_the_migrations_are_complete(self):
        call_command("makemigrations", "--check", "--dry-run", verbosity=0)


class TestList(Rota):
    def test_shifts_to_come_and_the_earliest_first(self):
        self.shift("Later", days=3)
        self.shift("Sooner", hours=1)
        self.shift("Over", hours=-1)
        Shift.objects.filter(pk=self.bar.pk).update(title="Bar")
        self.assertEqual(self.titles(), ["Sooner", "Bar", "Later"])

    def test_titles_are_text(self):
        self.assertContains(self.client.get("/"), "Bar &lt;b&gt;team&lt;/b&gt;")

    def test_free_places(self):
        self.assertContains(self.client.get("/"), "2 free")
        self.take(self.ann)
        self.assertContains(self.client.get("/"), "1 free")
        page = self.take(self.bo)
        self.assertContains(page, "full")
        self.assertNotContains(page, "0 free")

    def test_names_are_for_those_who_are_logged_in(self):
        self.take(self.ann)
        self.client.logout()
        self.assertNotContains(self.client.get("/"), "ann")
        self.client.force_login(self.bo)
        self.assertContains(self.client.get("/"), "ann")

    def test_the_number_of_queries_does_not_grow(self):
        self.client.force_login(self.cy)
        counts = []
        for shifts in (2, 20):
            for number in range(shifts):
                shift = self.shift(f"Shift {number}", days=2)
                Entry.objects.create(shift=shift, person=self.ann)
                Entry.objects.create(shift=shift, person=self.bo)
            with CaptureQueriesContext(connection) as sent:
                self.client.get("/")
            counts.append(len(sent))
        self.assertEqual(counts[0], counts[1])


class TestTaking(Rota):
    def test_taking_and_leaving(self):
        answer = self.take(self.ann)
        self.assertEqual([path for path, _ in answer.redirect_chain], ["/"])
        self.take(self.bo)
        self.assertEqual(self.people(), ["ann", "bo"])
        self.take(self.ann, what="leave")
        self.assertEqual(self.people(), ["bo"])

    def test_a_full_shift(self):
        for person in (self.ann, self.bo):
            self.take(person)
        self.assertContains(self.take(self.cy), 'class="messages"')
        self.assertEqual(self.people(), ["ann", "bo"])

    def test_taking_twice(self):
        self.take(self.ann)
        self.assertEqual(self.take(self.ann).status_code, 200)
        self.assertEqual(self.people(), ["ann"])

    def test_leaving_what_was_never_taken(self):
        self.take(self.ann)
        self.assertEqual(self.take(self.bo, what="leave").status_code, 200)
        self.assertEqual(self.people(), ["ann"])

    def test_a_shift_that_has_begun(self):
        over = self.shift("Over", hours=-1)
        self.assertContains(self.take(self.ann, over), 'class="messages"')
        self.assertEqual(self.people(over), [])

    def test_unknown_shifts(self):
        self.client.force_login(self.ann)
        for what in ("take", "leave"):
            self.assertEqual(self.client.post(f"/shifts/999/{what}").status_code, 404)

    def test_looking_changes_nothing(self):
        self.client.force_login(self.ann)
        for what in ("take", "leave"):
            self.assertEqual(self.client.get(f"/shifts/{self.bar.pk}/{what}").status_code, 405)
        self.assertEqual(self.people(), [])

    def test_who_is_not_logged_in(self):
        answer = self.client.post(f"/shifts/{self.bar.pk}/take")
        self.assertTrue(answer.headers["Location"].startswith("/accounts/login/"))
        self.assertEqual(self.people(), [])

    def test_another_site_cannot_press_the_button(self):
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(self.ann)
        for what in ("take", "leave"):
            self.assertEqual(strict.post(f"/shifts/{self.bar.pk}/{what}").status_code, 403)
        self.client.force_login(self.ann)
        self.assertContains(self.client.get("/"), "csrfmiddlewaretoken")


class TestMine(Rota):
    def test_only_ones_own(self):
        other, over = self.shift("Other", days=2), self.shift("Over", hours=-1)
        self.take(self.bo, other)
        Entry.objects.create(shift=over, person=self.ann)
        Entry.objects.create(shift=self.shift("Kitchen", days=1), person=self.ann)
        self.client.force_login(self.ann)
        self.assertEqual(self.titles("/mine"), ["Kitchen"])

    def test_the_login_page(self):
        self.assertRedirects(self.client.get("/mine"), "/accounts/login/?next=/mine")
        answer = self.client.post("/accounts/login/?next=/mine", {"username": "ann", "password": "ann"})
        self.assertRedirects(answer, "/mine")


class TestNew(Rota):
    def send(self, **changes):
        starts = timezone.localtime(timezone.now() + timedelta(days=5)).strftime("%Y-%m-%dT%H:%M")
        return self.client.post("/shifts/new", {"title": "Door", "starts": starts, "places": 3} | changes)

    def allow(self, person):
        person.user_permissions.add(Permission.objects.get(codename="add_shift"))
        self.client.force_login(person)

    def test_those_with_the_permission_add_shifts(self):
        self.allow(self.ann)
        self.assertContains(self.client.get("/shifts/new"), "<form")
        self.assertRedirects(self.send(), "/")
        self.assertEqual(Shift.objects.get(title="Door").places, 3)

    def test_others_do_not(self):
        self.assertTrue(self.send().headers["Location"].startswith("/accounts/login/"))
        self.client.force_login(self.bo)
        self.assertEqual([self.client.get("/shifts/new").status_code, self.send().status_code], [403, 403])
        self.assertFalse(Shift.objects.filter(title="Door").exists())

    def test_wrong_shifts_are_shown_again(self):
        self.allow(self.ann)
        for wrong in (
            {"title": ""},
            {"title": "x" * 81},
            {"places": "0"},
            {"starts": "2020-01-01T10:00"},
            {"starts": "soon"},
        ):
            with self.subTest(wrong):
                self.assertContains(self.send(**wrong), "errorlist")
        self.assertEqual(Shift.objects.count(), 1)

    def test_the_admin_knows_shifts(self):
        self.assertTrue(admin.site.is_registered(Shift))

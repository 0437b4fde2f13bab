"""Which path leads to which view. Login and logout come with Django; the template of the login page
doesn't.
"""

from django.contrib import admin
from django.urls import include, path

from rota import views

urlpatterns = [
    path("", views.shifts, name="shifts"),
    path("accounts/", include("django.contrib.auth.urls")),
    path("admin/", admin.site.urls),
]

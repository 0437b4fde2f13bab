"""Which path leads to which view."""

from django.contrib import admin
from django.urls import include, path

from rota import views

urlpatterns = [
    path("", views.shifts, name="shifts"),
    path("mine", views.mine, name="mine"),
    path("shifts/new", views.new, name="new"),
    path("shifts/<int:number>/take", views.take, name="take"),
    path("shifts/<int:number>/leave", views.leave, name="leave"),
    path("accounts/", include("django.contrib.auth.urls")),
    path("admin/", admin.site.urls),
]

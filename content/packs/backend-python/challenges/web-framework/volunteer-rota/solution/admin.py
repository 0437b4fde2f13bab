from django.contrib import admin

from rota.models import Shift

admin.site.register(Shift)

"""Addresses of the room: one's own credits, and those of a teacher as her officers see them."""

from django.urls import URLPattern, URLResolver, path

from shixun.standing import views

app_name = "standing"
urlpatterns: list[URLPattern | URLResolver] = [
    path("credits/", views.own_standing, name="own"),
    path("credits/statement/", views.own_statement, name="own-statement"),
    path("credits/entries/<uuid:entry>/", views.own_entry, name="own-entry"),
    path("teachers/", views.teachers, name="teachers"),
    path("teachers/heat/", views.heat, name="heat"),
    path("teachers/refresh/", views.refresh, name="refresh"),
    path("teachers/<uuid:uuid>/", views.person_standing, name="person"),
    path("teachers/<uuid:uuid>/statement/", views.person_statement, name="person-statement"),
    path("teachers/<uuid:uuid>/entries/<uuid:entry>/", views.person_entry, name="person-entry"),
]

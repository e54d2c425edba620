"""Addresses of the room."""

from django.urls import path

from shixun.roster import views

app_name = "roster"
urlpatterns = [path("roster/export/", views.export, name="export")]

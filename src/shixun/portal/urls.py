"""Addresses of the room."""

from django.urls import path

from shixun.portal import views

app_name = "portal"
urlpatterns = [
    path("", views.home, name="home"),
    path("menu/", views.menu, name="menu"),
    path("search/", views.search, name="search"),
]

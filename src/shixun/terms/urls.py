"""Addresses of the room."""

from django.urls import path

from shixun.terms.views import calendars, windows, years

app_name = "terms"
urlpatterns = [
    path("windows/", windows.windows, name="windows"),
    path("windows/new/", windows.plan, name="plan-window"),
    path("windows/<uuid:uuid>/", windows.window, name="window"),
    path("windows/<uuid:uuid>/change/", windows.change, name="change-window"),
    path("windows/<uuid:uuid>/publish/", windows.publish, name="publish-window"),
    path("windows/<uuid:uuid>/withdraw/", windows.withdraw, name="withdraw-window"),
    path("windows/<uuid:uuid>/discard/", windows.discard, name="discard-window"),
    path("windows/<uuid:uuid>/extend/", windows.extend, name="extend-window"),
    path("windows/<uuid:uuid>/close/", windows.close, name="close-window"),
    path("years/", years.school_years, name="school-years"),
    path("years/<int:number>/", years.change_school_year, name="change-school-year"),
    path("calendar/", calendars.own_calendar, name="own-calendar"),
    path("calendar/new/", calendars.new_calendar, name="new-calendar"),
    path("calendar/<uuid:uuid>/", calendars.calendar, name="calendar"),
    path("calendar/<uuid:uuid>/publish/", calendars.publish_calendar, name="publish-calendar"),
    path("calendar/<uuid:uuid>/add/", calendars.add_item, name="add-item"),
    path("calendar/items/<uuid:uuid>/", calendars.change_item, name="change-item"),
    path("calendar/items/<uuid:uuid>/remove/", calendars.remove_item, name="remove-item"),
    path("calendar/items/<uuid:uuid>/done/", calendars.mark_done, name="mark-done"),
]

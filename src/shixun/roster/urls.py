"""Addresses of the room."""

from django.urls import path

from shixun.roster.views import corrections, departures, files, staff, transfers

app_name = "roster"
urlpatterns = [
    path("roster/", staff.staff, name="staff"),
    path("roster/export/", files.export, name="export"),
    path("roster/departures/", departures.departures, name="departures"),
    path("roster/departures/register/", departures.depart, name="depart"),
    path("roster/transfers/", transfers.transfers, name="transfers"),
    path("roster/transfers/in/", transfers.ask_in, name="ask-in"),
    path("roster/transfers/of/<uuid:uuid>/", transfers.ask, name="ask-transfer"),
    path("roster/transfers/<uuid:uuid>/", transfers.transfer, name="transfer"),
    path("roster/transfers/<uuid:uuid>/revise/", transfers.revise, name="revise-transfer"),
    path("me/details/", corrections.own_details, name="own-details"),
    path("me/details/<str:detail>/", corrections.ask, name="ask-correction"),
    path("roster/corrections/<uuid:uuid>/", corrections.correction, name="correction"),
]

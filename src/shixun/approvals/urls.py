"""Addresses of the room: the inbox and its sisters, one case, levels of a region."""

from django.urls import path

from shixun.approvals.views import batch, cases, inbox, levels

app_name = "approvals"
urlpatterns = [
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/decided/", inbox.decided, name="decided"),
    path("inbox/decide/", batch.decide, name="decide"),
    path("inbox/own/", inbox.own_cases, name="own"),
    path("cases/<uuid:uuid>/", cases.case, name="case"),
    path("cases/<uuid:uuid>/move/", cases.move, name="move"),
    path("cases/<uuid:uuid>/undo/", cases.undo, name="undo"),
    path("levels/", levels.own_levels, name="own-levels"),
    path("levels/<uuid:uuid>/", levels.levels, name="levels"),
    path("levels/<uuid:uuid>/<str:flow>/<slug:level>/", levels.change, name="change-level"),
]

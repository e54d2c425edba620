"""Addresses of the room."""

from django.urls import path

from shixun.recognition.views import exports, projects, records, reported

app_name = "recognition"
urlpatterns = [
    path("records/", records.records, name="records"),
    path("records/projects/", projects.projects, name="projects"),
    path("records/projects/<uuid:uuid>/", projects.project, name="project"),
    path("records/projects/<uuid:uuid>/post/", projects.post, name="post"),
    path("records/export/", exports.export, name="export"),
    path("records/export/<uuid:uuid>/", exports.exported, name="exported"),
    path("records/export/<uuid:uuid>/file/", exports.file, name="export-file"),
    path("records/reported/", reported.reported, name="reported"),
    path("records/reported/new/", reported.new, name="new-reported"),
    path("records/reported/<uuid:uuid>/", reported.results, name="results"),
    path("records/reported/<uuid:uuid>/release/", reported.release, name="release-results"),
    path("records/reported/<uuid:uuid>/sheet/", reported.sheet, name="result-sheet"),
]

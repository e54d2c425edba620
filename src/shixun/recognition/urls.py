"""Addresses of the room."""

from django.urls import path

from shixun.recognition.views import claims, exports, projects, records, reported, review

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
    path("claims/", review.claims, name="claims"),
    path("claims/own/", claims.own, name="own-claims"),
    path("claims/new/", claims.new, name="new-claim"),
    path("claims/<uuid:uuid>/", claims.claim, name="claim"),
    path("claims/<uuid:uuid>/edit/", claims.edit, name="edit-claim"),
    path("claims/<uuid:uuid>/save/", claims.save, name="save-claim"),
    path("claims/<uuid:uuid>/submit/", claims.submit, name="submit-claim"),
    path("claims/<uuid:uuid>/discard/", claims.discard, name="discard-claim"),
    path("claims/<uuid:uuid>/move/", claims.move, name="move-claim"),
    path("claims/<uuid:uuid>/evidence/", claims.attach, name="attach"),
    path("claims/<uuid:uuid>/evidence/<uuid:piece>/remove/", claims.detach, name="detach"),
    path("claims/<uuid:uuid>/adjust/", review.adjust, name="adjust"),
    path("claims/<uuid:uuid>/reversal/", review.ask_reversal, name="ask-reversal"),
    path("evidence/<uuid:uuid>/", claims.evidence, name="evidence"),
]

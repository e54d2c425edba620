"""Addresses of the room."""

from django.urls import path

from shixun.recognition.views import exports, papers, projects, record_files, records, reported, verifying

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
    path("verify/", verifying.verify, name="verify"),
    path("papers/", papers.own, name="own-papers"),
    path("papers/issued/", papers.issued, name="issued"),
    path("papers/batch/", papers.batch, name="batch-papers"),
    path("papers/batch/<uuid:uuid>/", papers.batch_made, name="batch-made"),
    path("papers/batch/<uuid:uuid>/file/", papers.batch_file, name="batch-file"),
    path("papers/of/<uuid:uuid>/", papers.of_person, name="person-papers"),
    path("papers/of/<uuid:uuid>/certificate/", papers.certificate, name="issue-certificate"),
    path("papers/school/<uuid:uuid>/", papers.school, name="school-paper"),
    path("papers/<uuid:uuid>/", papers.paper, name="paper"),
    path("papers/<uuid:uuid>/sheet/", papers.sheet, name="paper-sheet"),
    path("papers/<uuid:uuid>/revoke/", papers.revoke, name="revoke-paper"),
    path("record/", record_files.own, name="own-record"),
    path("record/<uuid:uuid>/", record_files.of_person, name="record"),
]

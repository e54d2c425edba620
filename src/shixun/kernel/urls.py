"""Addresses of the kernel: whether the site lives, patterns, signed heads, views of lists, long work, imports."""

from django.urls import path

from shixun.kernel import views
from shixun.kernel.chronicle import views as chronicle
from shixun.kernel.exporting import views as exporting
from shixun.kernel.jobs import views as jobs
from shixun.kernel.listing import views as lists
from shixun.kernel.spreadsheets import views as imports

app_name = "kernel"
urlpatterns = [
    path("healthz", views.health, name="health"),
    path("patterns/", views.patterns, name="patterns"),
    path("patterns/answer/<int:status>/", views.pattern_answer, name="pattern-answer"),
    path("heads/", chronicle.heads, name="heads"),
    path("heads/file/", chronicle.file, name="heads-file"),
    path("heads/proof/", chronicle.proof, name="heads-proof"),
    path("views/", lists.views, name="views"),
    path("views/<uuid:uuid>/forget/", lists.forget, name="forget-view"),
    path("jobs/", jobs.jobs, name="jobs"),
    path("jobs/<uuid:uuid>/", jobs.job, name="job"),
    path("jobs/<uuid:uuid>/cancel/", jobs.cancel, name="cancel-job"),
    path("exports/<uuid:uuid>/", exporting.exported, name="exported"),
    path("exports/<uuid:uuid>/file/", exporting.file, name="exported-file"),
    path("imports/", imports.imports, name="imports"),
    path("imports/new/<slug:kind>/", imports.new_import, name="new-import"),
    path("imports/new/<slug:kind>/template/", imports.template, name="import-template"),
    path("imports/<uuid:uuid>/", imports.overview, name="import"),
    path("imports/<uuid:uuid>/mapping/", imports.mapping, name="import-mapping"),
    path("imports/<uuid:uuid>/problems/", imports.problems, name="import-problems"),
    path("imports/<uuid:uuid>/problems/agree/", imports.agree, name="import-agree"),
    path("imports/<uuid:uuid>/differences/", imports.differences, name="import-differences"),
    path("imports/<uuid:uuid>/apply/", imports.apply, name="import-apply"),
    path("imports/<uuid:uuid>/take-over/", imports.take_over, name="import-take-over"),
    path("imports/<uuid:uuid>/check/", imports.check_again, name="import-check"),
    path("imports/<uuid:uuid>/discard/", imports.discard, name="import-discard"),
    path("imports/<uuid:uuid>/refused/", imports.refused, name="import-refused"),
]

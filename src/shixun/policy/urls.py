"""Addresses of the room: public pages of policies, pages of local rules, the calculator of hours."""

from django.urls import URLPattern, URLResolver, path

from shixun.policy import views

app_name = "policy"
urlpatterns: list[URLPattern | URLResolver] = [
    path("adoptions/", views.adoptions, name="adoptions"),
    path("adoptions/new/", views.switch, name="switch"),
    path("adoptions/<uuid:uuid>/take-back/", views.take_back, name="take-back-switch"),
    path("policy/", views.policies, name="policies"),
    path("policy/<slug:policy_id>/", views.policy, name="policy"),
    path("policy/<slug:policy_id>/cases/", views.cases, name="cases"),
    path("policy/<slug:policy_id>/<str:article>/", views.article, name="article"),
    path("local-rules/", views.own_local_rules, name="own-local-rules"),
    path("local-rules/compare/", views.compare_local_rules, name="compare-local-rules"),
    path("local-rules/<uuid:uuid>/", views.local_rules, name="local-rules"),
    path("local-rules/<uuid:uuid>/change/", views.change_local_rules, name="change-local-rules"),
    path("conversion/", views.conversion, name="conversion"),
]

"""Addresses of the room."""

from django.urls import path

from shixun.people.accounts.urls import urlpatterns as account_addresses
from shixun.people.views import (
    credit_officers,
    delegations,
    organisations,
    persons,
    privacy,
    reorganising,
    rights,
    role_review,
    roles,
    switching,
    trail,
)

app_name = "people"
urlpatterns = [
    *account_addresses,
    path("privacy/", privacy.privacy_notice, name="privacy"),
    path("privacy/read/", privacy.acknowledge, name="privacy-read"),
    path("me/privacy/", privacy.own_privacy, name="own-privacy"),
    path("me/privacy/copy/", privacy.own_copy, name="own-copy"),
    path("account/role/", switching.switch_role, name="switch-role"),
    path("organisations/", organisations.organisations, name="organisations"),
    path("organisations/open/", reorganising.open_organisation, name="open-organisation"),
    path("organisations/ended/", reorganising.ended, name="ended-organisations"),
    path("organisations/<uuid:uuid>/", organisations.organisation, name="organisation"),
    path("organisations/<uuid:uuid>/rename/", reorganising.rename, name="rename-organisation"),
    path("organisations/<uuid:uuid>/move/", reorganising.move, name="move-organisation"),
    path("organisations/<uuid:uuid>/merge/", reorganising.merge, name="merge-organisation"),
    path("organisations/<uuid:uuid>/close/", reorganising.close, name="close-organisation"),
    path("persons/", persons.persons, name="persons"),
    path("persons/<uuid:uuid>/", persons.person, name="person"),
    path("identifiers/<uuid:uuid>/reveal/", persons.reveal_identifier, name="reveal-identifier"),
    path("roles/", roles.roles, name="roles"),
    path("roles/rights/", rights.rights, name="rights"),
    path("account/delegations/", delegations.delegations, name="delegations"),
    path("account/delegations/new/", delegations.new_delegation, name="new-delegation"),
    path("account/delegations/<uuid:uuid>/accept/", delegations.accept_delegation, name="accept-delegation"),
    path("account/delegations/<uuid:uuid>/end/", delegations.end_delegation, name="end-delegation"),
    path("credit-officers/", credit_officers.credit_officers, name="credit-officers"),
    path("organisations/<uuid:uuid>/credit-officer/", credit_officers.change_credit_officer, name="credit-officer"),
    path("roles/review/", role_review.role_review, name="role-review"),
    path("trail/", trail.trail, name="trail"),
    path("trail/expiries/", trail.expiries, name="expiries"),
    path("trail/<uuid:uuid>/", trail.event, name="event"),
    path("roles/grant/", roles.grant_role, name="grant-role"),
    path("roles/<uuid:uuid>/end/", roles.end_role, name="end-role"),
]

"""Addresses of accounts; the room's own ``urls`` takes them in."""

from django.urls import path

from shixun.people.accounts.views import elsewhere, factor, forgotten, officers, own, signing_in

urlpatterns = [
    path("sign-in/", signing_in.sign_in, name="sign-in"),
    path("sign-in/code/", signing_in.sign_in_code, name="sign-in-code"),
    path("sign-in/forgotten/", forgotten.forgotten, name="forgotten"),
    path("sign-in/forgotten/code/", forgotten.forgotten_code, name="forgotten-code"),
    path("sign-in/forgotten/password/", forgotten.forgotten_password, name="forgotten-password"),
    path("sign-in/demo/", signing_in.demo_sign_in, name="demo-sign-in"),
    path("sign-in/with/<slug:key>/", elsewhere.start, name="sign-in-with"),
    path("sign-in/from/<slug:key>/", elsewhere.callback, name="elsewhere"),
    path("account/link/<slug:key>/", elsewhere.start_linking, name="link"),
    path("account/unlink/<slug:key>/", elsewhere.unlink, name="unlink"),
    path("sign-out/", signing_in.sign_out, name="sign-out"),
    path("account/", own.account, name="account"),
    path("account/password/", own.change_password, name="password"),
    path("account/confirm/", own.confirm, name="confirm"),
    path("account/sessions/end-others/", own.end_other_sessions, name="end-other-sessions"),
    path("account/sessions/<uuid:uuid>/end/", own.end_session, name="end-session"),
    path("account/factor/", factor.factor, name="factor"),
    path("account/factor/remove/", factor.remove_factor, name="remove-factor"),
    path("account/recovery-codes/", factor.renew_codes, name="renew-codes"),
    path("account/recovery-codes/file/", factor.recovery_file, name="recovery-file"),
    path("accounts/", officers.accounts, name="accounts"),
    path("accounts/open/", officers.open_for, name="open-accounts"),
    path("accounts/sheet/", officers.sheet_file, name="sheet-file"),
    path("accounts/<uuid:uuid>/", officers.account_of, name="account-of"),
    path("accounts/<uuid:uuid>/password/", officers.issue_password, name="issue-password"),
    path("accounts/<uuid:uuid>/lock/", officers.lock, name="lock-account"),
    path("accounts/<uuid:uuid>/factor/", officers.reset_factor, name="reset-factor"),
]

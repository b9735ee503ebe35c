"""Addresses of accounts."""

from django.urls import path

from linli.edges.web.accounts import second_factor, sessions, single_sign_on, views

urlpatterns = [
    path("desk/login/", views.sign_in_page, name="sign_in"),
    path("desk/login/code/", views.code_page, name="sign_in_code"),
    path("desk/login/with/<slug:provider>/", single_sign_on.leave_page, name="sso_leave"),
    path("desk/login/from/<slug:provider>/", single_sign_on.come_back_page, name="sso_come_back"),
    path("desk/second-factor/", second_factor.second_factor_page, name="second_factor"),
    path("desk/account/sessions/<uuid:session_id>/end/", sessions.end_session_page, name="session_end"),
    path("desk/account/sessions/end-others/", sessions.end_others_page, name="sessions_end_others"),
    path("desk/logout/", views.sign_out_page, name="sign_out"),
    path("desk/password/", views.password_page, name="password"),
    path("desk/tokens/", views.tokens_page, name="tokens"),
    path("desk/tokens/<uuid:token_id>/revoke/", views.revoke_page, name="token_revoke"),
]

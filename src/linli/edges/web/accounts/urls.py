"""Addresses of accounts."""

from django.urls import path

from linli.edges.web.accounts import views

urlpatterns = [
    path("desk/login/", views.sign_in_page, name="sign_in"),
    path("desk/logout/", views.sign_out_page, name="sign_out"),
    path("desk/password/", views.password_page, name="password"),
    path("desk/tokens/", views.tokens_page, name="tokens"),
    path("desk/tokens/<uuid:token_id>/revoke/", views.revoke_page, name="token_revoke"),
]

"""The addresses of sign-in and of an account's own pages.

Of allauth's pages only these: nobody signs up, nobody is sent mail, and a lost password is a matter
for the security administrator, who sends an invitation.
"""

from __future__ import annotations

from allauth.account import views as account
from allauth.usersessions.views import list_usersessions
from django.urls import include, path
from django.views.i18n import set_language

from lianqin.console.views import sign_out

from . import views

urlpatterns = [
    path("sign-in", views.sign_in, name="account_login"),
    path("sign-out", sign_out, name="account_logout"),
    path("language", set_language, name="set_language"),
    path("account/", views.overview, name="account"),
    path("account/session", views.session, name="account_session"),
    path("account/invitation", views.invitation, name="account_invitation"),
    path("account/inactive/", account.account_inactive, name="account_inactive"),
    path("account/confirm/", account.reauthenticate, name="account_reauthenticate"),
    path("account/password/change/", account.password_change, name="account_change_password"),
    path("account/password/set/", account.password_set, name="account_set_password"),
    path("account/2fa/", include("allauth.mfa.urls")),
    path("account/sessions/", list_usersessions, name="usersessions_list"),
]

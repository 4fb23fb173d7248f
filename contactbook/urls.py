"""Every address of the site. Of allauth's, only those that are used."""

from allauth.account import views as account
from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path, re_path
from django.views.generic import RedirectView

from contactbook import preferences
from contactbook.accounts import demo_logins
from contactbook.health import health
from contactbook.welcome import welcome
from contacts.views.webhooks import webhook

# One door: the login page of the admin would know no rate limits.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

handler400 = "contactbook.error_pages.bad_request"
handler403 = "contactbook.error_pages.permission_denied"
handler500 = "contactbook.error_pages.server_error"

account_patterns = [
    path("login/", account.LoginView.as_view(extra_context={"demo_logins": demo_logins}), name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("password/reset/", account.password_reset, name="account_reset_password"),
    path("password/reset/done/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
]

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="contacts:contact_list"), name="home"),
    path("contacts/", include("contacts.urls")),
    path("contacts/", include("campaigns.urls")),
    path("accounts/", include(account_patterns)),
    path("webhooks/<str:token>/", webhook, name="webhook"),
    path("preferences/language/", preferences.set_language, name="set_language"),
    path("preferences/theme/", preferences.set_theme, name="set_theme"),
    path("preferences/keys/", preferences.keys, name="keys"),
    path("welcome/", welcome, name="welcome"),
    path("health/", health, name="health"),
    path("admin/", admin.site.urls),
]

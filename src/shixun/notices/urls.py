"""Addresses of the room."""

from django.urls import path

from shixun.notices.views import deliveries, messages, settings

app_name = "notices"
urlpatterns = [
    path("messages/", messages.messages_list, name="messages"),
    path("messages/read/", messages.read_all, name="read-all"),
    path("messages/settings/", settings.own_settings, name="settings"),
    path("messages/contacts/<slug:channel>/new/", settings.new_contact, name="new-contact"),
    path("messages/contacts/<uuid:uuid>/", settings.verify_contact, name="verify-contact"),
    path("messages/contacts/<uuid:uuid>/code/", settings.send_code, name="send-code"),
    path("messages/contacts/<uuid:uuid>/remove/", settings.remove_contact, name="remove-contact"),
    path("messages/wechat/", settings.bind_wechat, name="bind-wechat"),
    path("messages/wechat/bound/", settings.wechat_bound, name="wechat-bound"),
    path("messages/deliveries/", deliveries.deliveries, name="deliveries"),
    path("messages/outbox/", deliveries.outbox_list, name="outbox"),
    path("messages/<uuid:uuid>/", messages.message, name="message"),
    path("messages/<uuid:uuid>/read/", messages.read_message, name="read-message"),
]

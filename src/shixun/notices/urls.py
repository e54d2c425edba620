"""Addresses of the room."""

from django.urls import path

from shixun.notices.views import messages

app_name = "notices"
urlpatterns = [
    path("messages/", messages.messages_list, name="messages"),
    path("messages/read/", messages.read_all, name="read-all"),
    path("messages/<uuid:uuid>/", messages.message, name="message"),
    path("messages/<uuid:uuid>/read/", messages.read_message, name="read-message"),
]

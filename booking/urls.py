"""The site map of the product."""

from __future__ import annotations

from django.urls import URLPattern, path

from booking.views import embedded, feeds, free_times, inquiries, manage, offers, poster, private_feed, public

app_name = "booking"

calendar: list[URLPattern] = [
    path("kalender/", feeds.how_to_subscribe, name="calendar"),
    path("kalender/termine.ics", feeds.all_hours, name="feed"),
    path("kalender/veranstaltungen.ics", feeds.all_events, name="feed_of_events"),
    path("kalender/angebot/<slug:slug>.ics", feeds.hours_of_service, name="feed_of_service"),
    path("kalender/person/<slug:slug>.ics", feeds.hours_of_host, name="feed_of_host"),
    path("kalender/privat/<str:token>.ics", private_feed.private_feed, name="private_feed"),
    path("termine.json", free_times.free_times, name="free_times"),
]

resident: list[URLPattern] = [
    path("termine/", public.slots, name="slots"),
    path("termine/<int:slot_id>/", public.slot, name="slot"),
    path("buchung/", public.find, name="find"),
    path("buchung/<str:token>/", manage.booking, name="booking"),
    path("buchung/<str:token>/bestaetigen/", manage.confirm, name="confirm"),
    path("buchung/<str:token>/annehmen/", offers.accept, name="accept"),
    path("buchung/<str:token>/andere-zeit/", offers.other_time, name="other_time"),
    path("buchung/<str:token>/absagen/", manage.cancel, name="cancel"),
    path("buchung/<str:token>/verschieben/", manage.move, name="move"),
    path("buchung/<str:token>/video/", manage.video_page, name="video"),
    path("buchung/<str:token>/termin.ics", manage.file, name="file"),
    path("buchung/<str:token>/daten/", manage.data, name="data"),
]

letters: list[URLPattern] = [
    path("anfrage/", inquiries.inquiry, name="inquiry"),
    path("anfrage/danke/<uuid:receipt>/", inquiries.inquiry_received, name="inquiry_received"),
    path("barriere-melden/", inquiries.barrier, name="barrier"),
]

elsewhere: list[URLPattern] = [
    path("einbetten/", embedded.embedded, name="embedded"),
    path("aushang/", poster.poster, name="poster"),
]

urlpatterns: list[URLPattern] = [*resident, *calendar, *letters, *elsewhere]

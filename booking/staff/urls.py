"""The addresses of the back end, below /verwaltung/."""

from __future__ import annotations

from django.urls import path

from booking.staff import (
    bookings,
    calls,
    closures,
    drafts,
    handover,
    hosts,
    illness,
    outbox,
    publishing,
    schedule,
    series,
    settings,
)

app_name = "staff"
urlpatterns = [
    path("sprechstunden/", schedule.HoursListView.as_view(), name="hours_list"),
    path("sprechstunden/veroeffentlichen/", publishing.PublishView.as_view(), name="publish"),
    path("sprechstunden/<int:pk>/", schedule.HoursView.as_view(), name="hours"),
    path("sprechstunden/<int:pk>/uebergeben/", handover.HandoverView.as_view(), name="hours_handover"),
    path("buchungen/<uuid:pk>/", bookings.BookingView.as_view(), name="booking"),
    path("buchungen/<uuid:pk>/absagen/", bookings.CancelBookingView.as_view(), name="booking_cancel"),
    path("reihen/", series.SeriesListView.as_view(), name="series_list"),
    path("reihen/<int:pk>/", series.SeriesView.as_view(), name="series"),
    path("reihen/<int:pk>/entwurf/", drafts.DraftView.as_view(), name="series_draft"),
    path("reihen/<int:pk>/verwerfen/", drafts.DiscardDraftView.as_view(), name="series_discard"),
    path("reihen/<int:pk>/beenden/", series.EndSeriesView.as_view(), name="series_end"),
    path("schliesszeiten/", closures.ClosuresView.as_view(), name="closures"),
    path("schliesszeiten/neu/", closures.NewClosureView.as_view(), name="closure_new"),
    path("schliesszeiten/<int:pk>/aufheben/", closures.LiftClosureView.as_view(), name="closure_lift"),
    path("ausfall/", illness.IllnessView.as_view(), name="illness"),
    path("ausfall/<int:pk>/", illness.AbsenceView.as_view(), name="absence"),
    path("ausfall/<int:pk>/zurueck/", illness.UndoAbsenceView.as_view(), name="absence_undo"),
    path("ausfall/<int:pk>/senden/", illness.SendAbsenceView.as_view(), name="absence_send"),
    path("ausfall/<int:pk>/tuerschild/", illness.AbsenceSignView.as_view(), name="absence_sign"),
    path("anrufe/", calls.CallsView.as_view(), name="calls"),
    path("anrufe/<int:pk>/erledigt/", calls.TickCallView.as_view(), name="call_tick"),
    path("anrufe/<int:pk>/antwort/", calls.AnswerCallView.as_view(), name="call_answer"),
    path("postausgang/", outbox.OutboxView.as_view(), name="outbox"),
    path("postausgang/freigeben/", outbox.ReleaseMailView.as_view(), name="mail_release"),
    path("postausgang/verwerfen/", outbox.DiscardMailView.as_view(), name="mail_discard"),
    path("postausgang/<uuid:pk>/", outbox.MessageView.as_view(), name="message"),
    path("postausgang/<uuid:pk>/html/", outbox.MessageHtmlView.as_view(), name="message_html"),
    path("postausgang/<uuid:pk>/senden/", outbox.ResendView.as_view(), name="message_resend"),
    path("profil/", settings.ProfileView.as_view(), name="profile"),
    path("buero/", settings.OfficeView.as_view(), name="office"),
    path("ansprechpersonen/", hosts.HostsView.as_view(), name="hosts"),
    path("ansprechpersonen/neu/", hosts.NewHostView.as_view(), name="host_new"),
    path("ansprechpersonen/<int:pk>/", hosts.HostView.as_view(), name="host"),
    path("ansprechpersonen/<int:pk>/pause/", hosts.DeactivateHostView.as_view(), name="host_deactivate"),
    path("ansprechpersonen/<int:pk>/wieder/", hosts.ReactivateHostView.as_view(), name="host_reactivate"),
    path("ansprechpersonen/<int:pk>/zugang/", hosts.HostLoginView.as_view(), name="host_login"),
    path("angebote/", settings.ServicesView.as_view(), name="services"),
    path("angebote/neu/", settings.NewServiceView.as_view(), name="service_new"),
    path("angebote/<int:pk>/", settings.ServiceView.as_view(), name="service"),
]

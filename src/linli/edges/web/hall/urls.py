"""Addresses in the hall."""

from django.urls import path

from linli.edges.web.hall import answers, jurors, pages, paper

urlpatterns = [
    path("hall/time", answers.tell_time, name="hall_time"),
    path("hall/<uuid:meeting_id>/screen", pages.show_screen, name="hall_screen"),
    path("hall/<uuid:meeting_id>/order", pages.show_order, name="hall_order"),
    path("hall/<uuid:meeting_id>/host", pages.show_host, name="hall_host"),
    path("hall/<uuid:meeting_id>/host/press", pages.press_host, name="hall_press"),
    path("hall/<uuid:meeting_id>/jury", pages.show_jury, name="hall_jury"),
    path("hall/<uuid:meeting_id>/jury/change", pages.change_jury, name="hall_jury_change"),
    path("hall/<uuid:meeting_id>/jury/badges", pages.print_badges, name="hall_badges"),
    path("hall/<uuid:meeting_id>/paper", paper.show_paper, name="hall_paper"),
    path("hall/<uuid:meeting_id>/juror", jurors.show_juror, name="hall_juror"),
    path("hall/<uuid:meeting_id>/juror/enter", jurors.enter_hall, name="hall_enter"),
    path("hall/<uuid:meeting_id>/seat", answers.tell_seat, name="hall_seat"),
    path("hall/<uuid:meeting_id>/state", answers.tell_state, name="hall_state"),
    path("hall/<uuid:meeting_id>/lamp", answers.take_lamp, name="hall_lamp"),
    path("hall/<uuid:meeting_id>/ballots/<uuid:turn_id>", answers.take_ballot, name="hall_ballot"),
    path("hall/<uuid:meeting_id>/result.json", answers.give_publication, name="hall_result"),
]

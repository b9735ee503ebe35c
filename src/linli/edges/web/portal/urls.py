"""Addresses of residents' pages."""

from django.urls import path

from linli.edges.web.portal import board, following, reporting

urlpatterns = [
    path("", board.home_page, name="home"),
    path("report/", reporting.report_page, name="report"),
    path("follow/", following.follow_page, name="follow"),
    path("follow/verify/", following.verify_page, name="follow_verify"),
    path("board/", board.board_page, name="board"),
    path("feedback/", reporting.feedback_page, name="feedback"),
]

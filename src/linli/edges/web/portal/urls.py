"""Addresses of residents' pages."""

from django.urls import path

from linli.edges.web.portal import board, following, my_data, privacy, reporting

urlpatterns = [
    path("", board.home_page, name="home"),
    path("report/", reporting.report_page, name="report"),
    path("follow/", following.follow_page, name="follow"),
    path("follow/verify/", following.verify_page, name="follow_verify"),
    path("follow/part/", following.part_page, name="follow_part"),
    path("follow/news/", following.stop_news_page, name="follow_news"),
    path("follow/data/", my_data.my_data_page, name="follow_data"),
    path("board/", board.board_page, name="board"),
    path("feedback/", reporting.feedback_page, name="feedback"),
    path("privacy/", privacy.privacy_page, name="privacy"),
    path("privacy/consent/<slug:district_id>/<int:number>/", privacy.consent_page, name="consent"),
]

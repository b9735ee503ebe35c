"""Addresses of programmes, their years and their rules."""

from django.urls import path

from linli.edges.web.reviews import (
    beginning,
    draw_screen,
    draws,
    members,
    policy_form,
    programmes,
    rules_form,
    sessions,
)

urlpatterns = [
    path("desk/reviews/", programmes.show_programmes, name="reviews"),
    path("desk/reviews/programmes/new/", beginning.new_programme, name="review_programme_new"),
    path("desk/reviews/programmes/<uuid:programme_id>/", programmes.show_programme, name="review_programme"),
    path("desk/reviews/programmes/<uuid:programme_id>/year/", programmes.plan, name="review_year"),
    path("desk/reviews/programmes/<uuid:programme_id>/public/", programmes.publish, name="review_public"),
    path("desk/reviews/programmes/<uuid:programme_id>/rota/", programmes.seat, name="review_rota"),
    path("desk/reviews/programmes/<uuid:programme_id>/policy/", policy_form.show_policy, name="review_policy"),
    path("desk/reviews/programmes/<uuid:programme_id>/members/", members.show_members, name="review_members"),
    path("desk/reviews/programmes/<uuid:programme_id>/rules/", rules_form.show_rules, name="review_rules"),
    path("desk/reviews/sessions/<uuid:meeting_id>/", sessions.show_session, name="review_session"),
    path("desk/reviews/draws/<uuid:draw_id>/", draws.show_draw, name="review_draw"),
    path("desk/reviews/draws/<uuid:draw_id>/<slug:action>/", draws.take_draw_step, name="review_draw_step"),
    path("hall/draw/<uuid:draw_id>/screen", draw_screen.show_screen, name="draw_screen"),
]

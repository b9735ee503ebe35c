"""Addresses of the pages about people."""

from django.urls import path

from linli.edges.web.people import (
    absences,
    alarms,
    chart,
    coverage,
    elections,
    functions,
    handing_over,
    lists,
    person,
    posts,
    rights,
)

urlpatterns = [
    path("desk/people/", lists.show_people, name="people"),
    path("desk/alarms/", alarms.alarms_page, name="alarms"),
    path("desk/people/vacancies/", lists.show_vacancies, name="vacancies"),
    path("desk/people/new/", posts.new_person, name="person_new"),
    path("desk/people/<uuid:person_id>/", person.show_person, name="person"),
    path("desk/people/<uuid:person_id>/login/", person.change_login, name="person_login"),
    path("desk/people/chart/", chart.show_chart, name="chart"),
    path("desk/people/coverage/", coverage.show_coverage, name="coverage"),
    path("desk/people/coverage/holes/", coverage.show_holes, name="coverage_holes"),
    path("desk/people/coverage/places/<uuid:place_id>/", coverage.show_place, name="coverage_place"),
    path("desk/people/coverage/functions/", functions.show_functions, name="functions"),
    path("desk/people/roles/", rights.show_roles, name="roles"),
    path("desk/people/areas/<str:code>/", chart.show_history, name="area_history"),
    path("desk/people/<uuid:person_id>/rights/", rights.show_rights, name="person_rights"),
    path("desk/people/<uuid:person_id>/hand-over/", handing_over.hand_over_work, name="person_hand_over"),
    path("desk/people/<uuid:person_id>/absence/", absences.new_absence, name="person_absence"),
    path("desk/absences/<uuid:absence_id>/end/", absences.end_absence, name="absence_end"),
    path("desk/account/", absences.show_account, name="account"),
    path("desk/people/elections/", elections.show_elections, name="elections"),
    path("desk/people/elections/new/", elections.new_election, name="election_new"),
    path("desk/people/elections/<uuid:election_id>/undo/", elections.take_back, name="election_undo"),
    path("desk/posts/new/", posts.new_post, name="post_new"),
    path("desk/posts/<uuid:post_id>/areas/", posts.post_areas, name="post_areas"),
    path("desk/posts/<uuid:post_id>/end/", posts.end_post, name="post_end"),
]

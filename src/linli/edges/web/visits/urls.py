"""Addresses of visits."""

from django.urls import path

from linli.edges.web.visits import calling, changing, pages, planning

urlpatterns = [
    path("desk/visits/", pages.show_campaigns, name="visits"),
    path("desk/visits/new/", planning.plan, name="visits_new"),
    path("desk/visits/<uuid:campaign_id>/", pages.show_campaign, name="visits_campaign"),
    path("desk/visits/<uuid:campaign_id>/end/", planning.end, name="visits_end"),
    path("desk/visits/<uuid:campaign_id>/export/", pages.export_totals, name="visits_export"),
    path("desk/visits/<uuid:campaign_id>/sets/<uuid:set_id>/", changing.change, name="visits_set"),
    path("desk/visits/<uuid:campaign_id>/places/<uuid:target_id>/out/", changing.move, name="visits_out"),
    path("desk/visits/<uuid:campaign_id>/places/", calling.show_places, name="visits_places"),
    path("desk/visits/<uuid:campaign_id>/places/<uuid:target_id>/", calling.call, name="visits_target"),
    path("desk/visits/notes/<uuid:visit_id>/case/", calling.make_case_of_note, name="visits_case"),
]

"""Addresses of the pages of the tree of areas."""

from django.urls import path

from linli.edges.web.areas import pages, taking_back

urlpatterns = [
    path("desk/registry/areas/", pages.find_areas, name="areas"),
    path("desk/registry/areas/<str:code>/", pages.show_area, name="area"),
    path("desk/registry/areas/<str:code>/shapes.json", pages.area_shapes, name="area_shapes"),
    path("desk/registry/areas/changes/<uuid:change_id>/", taking_back.take_back, name="area_take_back"),
    path("desk/registry/areas/<str:code>/<slug:kind>/", pages.change_area, name="area_change"),
]

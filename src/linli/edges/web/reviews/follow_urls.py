"""Addresses of what is said at a session and what follows from it."""

from django.urls import path

from linli.edges.web.reviews import clerk

urlpatterns = [
    path("hall/<uuid:meeting_id>/clerk", clerk.show_clerk, name="hall_clerk"),
    path("hall/<uuid:meeting_id>/clerk/remarks/", clerk.write, name="hall_remarks"),
    path("hall/<uuid:meeting_id>/clerk/remarks/<uuid:remark_id>/", clerk.change, name="hall_remark"),
]

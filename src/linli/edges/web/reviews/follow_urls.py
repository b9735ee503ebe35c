"""Addresses of what is said at a session and what follows from it."""

from django.urls import path

from linli.edges.web.reviews import clerk, minutes, organisations, turns, unsealing

urlpatterns = [
    path("hall/<uuid:meeting_id>/clerk", clerk.show_clerk, name="hall_clerk"),
    path("hall/<uuid:meeting_id>/said", clerk.show_said, name="hall_said"),
    path("hall/<uuid:meeting_id>/clerk/remarks/", clerk.write, name="hall_remarks"),
    path("hall/<uuid:meeting_id>/clerk/remarks/<uuid:remark_id>/", clerk.change, name="hall_remark"),
    path(
        "desk/reviews/sessions/<uuid:meeting_id>/minutes.docx", minutes.minutes_file, {"file_format": "docx"},
        name="review_minutes_docx",
    ),
    path(
        "desk/reviews/sessions/<uuid:meeting_id>/minutes.pdf", minutes.minutes_file, {"file_format": "pdf"},
        name="review_minutes_pdf",
    ),
    path("desk/reviews/sessions/<uuid:meeting_id>/unseal/", unsealing.show_unsealing, name="review_unseal"),
    path("desk/reviews/auditor-key/", unsealing.show_auditor_key, name="review_auditor_key"),
    path("desk/reviews/turns/<uuid:turn_id>/", turns.show_turn, name="review_turn"),
    path("desk/reviews/turns/<uuid:turn_id>/absent/", turns.set_absent, name="review_absent"),
    path("desk/reviews/turns/<uuid:turn_id>/rows/<slug:figure>/", turns.show_rows, name="review_rows"),
    path(
        "desk/reviews/organisations/<uuid:organisation_id>/", organisations.show_organisation,
        name="review_organisation",
    ),
]  # fmt: skip

"""Addresses of staff's pages."""

from django.urls import path

from linli.edges.web.desk import batch, calendar, case, cockpit, files, lists, map, new_case, registers, rules  # noqa: A004 - named for its page

urlpatterns = [
    path("desk/", lists.show_todo, name="desk"),
    path("desk/done/", lists.show_done, name="desk_done"),
    path("desk/mine/", lists.show_mine, name="desk_mine"),
    path("desk/overdue/", lists.show_overdue, name="desk_overdue"),
    path("desk/open/", lists.show_open, name="desk_open"),
    path("desk/verify/", lists.show_verify, name="desk_verify"),
    path("desk/queue/", lists.show_queue, name="desk_queue"),
    path("desk/cases/", lists.show_all, name="desk_cases"),
    path("desk/cases/new/", new_case.new_case, name="desk_case_new"),
    path("desk/cases/batch/", batch.take_batch, name="desk_batch"),
    path("desk/cases/<uuid:case_id>/", case.show_case, name="desk_case"),
    path("desk/cases/<uuid:case_id>/steps/<slug:action>/", case.take, name="desk_step"),
    path("desk/cases/<uuid:case_id>/verification/", case.verify, name="desk_verify_case"),
    path("desk/cases/<uuid:case_id>/priority/", case.set_priority, name="desk_priority"),
    path("desk/cases/<uuid:case_id>/contacts/", case.show_contacts, name="desk_contacts"),
    path("desk/recipients/", case.show_recipients, name="desk_recipients"),
    path("desk/files/<uuid:file_id>", files.show_file, name="desk_file"),
    path("desk/registers/", registers.show_registers, name="registers"),
    path("desk/registers/<slug:name>/", registers.show_register, name="register"),
    path("desk/registers/<slug:name>/export/", registers.export_register, name="register_export"),
    path("desk/rules/", rules.show_rules, name="rules"),
    path("desk/rules/<slug:kind>/", rules.show_rule, name="rule"),
    path("desk/rules/<slug:kind>/edit/", rules.edit_rule, name="rule_edit"),
    path("desk/rules/<slug:kind>/<int:number>/", rules.show_rule, name="rule_version"),
    path("desk/calendar/", calendar.show_calendar, name="calendar"),
    path("desk/calendar/edit/", calendar.edit_calendar, name="calendar_edit"),
    path("cockpit/", cockpit.show_cockpit, name="cockpit"),
    path("cockpit/rows/<slug:figure>/", cockpit.show_behind, name="cockpit_rows"),
    path("map/", map.show_map, name="map"),
    path("map/areas.json", map.areas_json, name="map_areas"),
    path("map/cases.json", map.cases_json, name="map_cases"),
]

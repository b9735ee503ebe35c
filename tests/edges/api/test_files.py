"""Photos: who may see them when, and whose they are."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.edges.api.calling import Calling, photo
from tests.factories.district import AT

from linli.support.files.models import StoredFile


def test_photo_is_its_senders_until_it_is_attached(calling: Calling, nobody: Client) -> None:
    sent = nobody.post("/api/v1/files", {"file": photo()})
    assert sent.status_code == 201
    url = sent.json()["thumbnail_url"]
    seen = nobody.get(url)
    assert (seen.status_code, seen.headers["Content-Type"]) == (200, "image/jpeg")
    assert b"".join(seen.streaming_content)
    assert Client(REMOTE_ADDR="192.0.2.7").get(url).status_code == 404
    assert calling.as_("community_clerk").get(url).status_code == 404


def test_photo_of_a_case_is_seen_by_whoever_sees_the_case(calling: Calling, nobody: Client) -> None:
    sent = nobody.post("/api/v1/files", {"file": photo()}).json()
    assert calling.report(nobody, file_ids=[sent["id"]]).status_code == 201
    url = sent["thumbnail_url"]
    answers = [calling.as_("grid_worker").get(url), calling.as_("grid_worker", community=2).get(url), nobody.get(url)]
    assert [answer.status_code for answer in answers] == [200, 404, 404]
    answers[0].close()


def test_copy_with_numbers_covered_is_there_once_looked_at_for_whoever_sees_the_case(
    calling: Calling, nobody: Client
) -> None:
    sent = nobody.post("/api/v1/files", {"file": photo()}).json()
    calling.report(nobody, file_ids=[sent["id"]])
    url, worker = f"/api/v1/files/{sent['id']}?size=covered", calling.as_("grid_worker")
    before = worker.get(url)
    StoredFile.objects.filter(id=sent["id"]).update(looked_at=AT)

    answers = [worker.get(url), calling.as_("grid_worker", community=2).get(url), nobody.get(url)]

    assert (before.status_code, before.json()["code"]) == (404, "photo_not_looked_at")
    assert [answer.status_code for answer in answers] == [200, 404, 404]
    answers[0].close()


def test_photo_sent_by_a_script_without_cookies_can_be_attached(calling: Calling) -> None:
    sent = Client().post("/api/v1/files", {"file": photo()}).json()
    assert calling.report(Client(), file_ids=[sent["id"]], key="key-1").status_code == 201


def test_photo_of_another_visitor_cannot_be_attached(calling: Calling) -> None:
    visitor = Client()
    calling.report(visitor)
    sent = visitor.post("/api/v1/files", {"file": photo()}).json()
    refused = calling.report(Client(), file_ids=[sent["id"]])
    assert (refused.status_code, refused.json()["field"]) == (422, "file_ids")


def test_file_that_is_no_picture_is_refused(nobody: Client, calling: Calling) -> None:
    refused = nobody.post("/api/v1/files", {"file": SimpleUploadedFile("a.jpg", b"<html>", "image/jpeg")})
    assert (refused.status_code, refused.json()["field"]) == (422, "file")
    missing = nobody.post("/api/v1/files", {})
    assert (missing.status_code, missing.json()["field"]) == (422, "file")

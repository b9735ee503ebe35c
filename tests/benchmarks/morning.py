"""What locust's people do: residents report, staff look at lists and cases, take steps, leaders look at the cockpit."""

import json
import os
import random
from pathlib import Path
from typing import Any

from locust import HttpUser, between, task  # type: ignore[import-not-found]

SAMPLES: dict[str, Any] = json.loads(Path(os.environ["MORNING"]).read_text())
BEGINS = ("reported", "accepted")


class Worker(HttpUser):  # type: ignore[misc]
    """A grid worker or dispatcher: lists often, opens cases, takes steps, reports what was seen."""

    weight = 18
    wait_time = between(2, 8)

    def on_start(self) -> None:
        """Take one's token."""
        self.client.headers["Authorization"] = f"Bearer {random.choice(SAMPLES['workers'])}"
        self.seen: list[dict[str, Any]] = []

    @task(6)
    def look_at_the_list(self) -> None:
        """Look at what waits, or at all of it."""
        box = random.choice(("todo", "open", "overdue", ""))
        answer = self.client.get(f"/api/v1/cases?limit=50&box={box}", name="list")
        if answer.ok:
            self.seen = answer.json()["items"] or self.seen

    @task(3)
    def open_one(self) -> None:
        """Look at a case."""
        if self.seen:
            self.client.get(f"/api/v1/cases/{random.choice(self.seen)['id']}", name="case")

    @task(2)
    def act(self) -> None:
        """Write a note on a case, by its version as one sees it now."""
        if not self.seen:
            return
        address = f"/api/v1/cases/{random.choice(self.seen)['id']}"
        shown = self.client.get(address, name="case")
        allowed = [step["action"] for step in shown.json().get("next_steps", ()) if step["is_allowed"]]
        if "note" in allowed:
            headers = {"If-Match": shown.headers["ETag"]}
            with self.client.post(f"{address}/note", json={"note": "到现场看过"}, headers=headers, name="act",
                                  catch_response=True) as answer:  # fmt: skip
                # Somebody else took a step in between: refusing this one is right.
                if answer.status_code == 412:
                    answer.success()

    @task(2)
    def report(self) -> None:
        """Report a case."""
        point = random.choice(SAMPLES["points"])
        self.client.post("/api/v1/cases", json={"text": "路灯不亮，晚上看不清台阶", "location": point}, name="report")

    @task(1)
    def search(self) -> None:
        """Look for words."""
        self.client.get(f"/api/v1/cases?q={random.choice(SAMPLES['words'])}", name="search")


class Leader(HttpUser):  # type: ignore[misc]
    """A leader with the cockpit open."""

    weight = 2
    wait_time = between(10, 30)

    def on_start(self) -> None:
        """Take the session."""
        self.client.headers["Cookie"] = f"sessionid={SAMPLES['session']}"

    @task
    def look_at_the_cockpit(self) -> None:
        """Load the page."""
        self.client.get("/cockpit/", name="cockpit")

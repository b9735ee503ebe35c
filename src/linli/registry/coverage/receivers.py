"""What the room does when lower rooms change something."""

from linli.kernel import bus
from linli.ledger.commands.actions import enqueue
from linli.registry.coverage.actions import check_coverage
from linli.registry.coverage.queries.functions import current_functions
from linli.registry.coverage.tasks import check_coverage_of
from linli.registry.people.events import PostsChanged
from linli.registry.territory.events import AreasChanged


def on_posts_changed(event: PostsChanged) -> None:
    """Look for holes around the post's area, if it is one of a role that counts. 1 query where it is not."""
    _number, functions = current_functions(event.district_id)
    if any(event.role in function.roles for function in functions):
        check_coverage(district_id=event.district_id, area_path=event.area_path, at=event.at)


def on_areas_changed(event: AreasChanged) -> None:
    """Ask the worker to look at the whole district: posts follow their areas later in the same transaction. 1 query."""
    enqueue(check_coverage_of, district_id=event.district_id)


def subscribe() -> None:
    """Join the bus; called once the app is ready."""
    bus.subscribe(PostsChanged, on_posts_changed)
    bus.subscribe(AreasChanged, on_areas_changed)

import pytest
from django.db import connection
from tests.kernel.db.sample.rows import MODELS, District


@pytest.fixture
def tables(db: None) -> None:
    """Make the sample's tables and two districts, gone with the test's transaction."""
    with connection.schema_editor() as editor:
        for model in MODELS:
            editor.create_model(model)
    District.objects.bulk_create([District(code="210105"), District(code="210106")])

"""Open311 GeoReport v2, with the service request updates that mySociety added: docs/open311.md."""

"""The JSON interface at /api/v1: parse, one domain call, answer."""

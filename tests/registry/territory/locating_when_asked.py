"""A program for test_every_process.py: for each line on its input, locates the point in three threads at once."""

import os
import sys
from concurrent.futures import ThreadPoolExecutor

import django
from django.utils import timezone


def main() -> None:
    django.setup()
    from linli.registry.territory.queries import locate

    lng, lat = float(sys.argv[1]), float(sys.argv[2])
    with ThreadPoolExecutor(3) as threads:
        for _line in sys.stdin:
            at = timezone.now()
            asked = [threads.submit(locate, lng=lng, lat=lat, crs="GCJ-02", at=at) for _ in range(3)]
            found = {f"{each.result().path}@{each.result().boundary_number}" for each in asked}
            os.write(1, f"{' '.join(sorted(found))}\n".encode())


main()

"""A program for test_crash.py: reports cases without end and says each number once its case is committed."""

import os
import sys

import django
from django.utils import timezone


def main() -> None:
    django.setup()
    from linli.cases.actions.opening import Caller, Point, Report, open_case
    from linli.cases.choices import Source

    lng, lat = float(sys.argv[1]), float(sys.argv[2])
    report = Report("水管爆裂", "water_burst", point=Point(lng, lat))
    while True:
        opened = open_case(report=report, by=Caller(Source.PORTAL), at=timezone.now())
        os.write(1, f"{opened.case_id}\n".encode())


main()

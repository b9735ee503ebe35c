"""Look for files that break what reads them: `make fuzz`, for as many seconds as FUZZ_SECONDS says.

Guided by which lines a file reaches. The fuzzer (atheris) is no package of ours: without it this says so and does
nothing. What breaks a reader is written to build/fuzz and ends with 1.
"""

import os
import sys
from pathlib import Path

import django

FOLDER = Path("build/fuzz")
USUAL_SECONDS = 300


def main() -> int:
    """Run until the time is over or something breaks."""
    try:
        import atheris
    except ImportError:
        return 0
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.config.settings.test")
    with atheris.instrument_imports(include=["linli", "tests.fuzz"], enable_loader_override=False):
        django.setup()
        from tests.fuzz.importers import read_one, seeds

    corpus = FOLDER / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    for name, data in seeds().items():
        (corpus / name).write_bytes(data)
    seconds = int(os.environ.get("FUZZ_SECONDS", USUAL_SECONDS))
    options = [f"-max_total_time={seconds}", "-max_len=20000", "-timeout=20", "-rss_limit_mb=4096"]
    atheris.Setup([sys.argv[0], *options, f"-artifact_prefix={FOLDER}/", str(corpus)], read_one)
    atheris.Fuzz()
    return 0


if __name__ == "__main__":
    sys.exit(main())

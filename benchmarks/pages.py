"""Weight and first paint of the pages of the built book, in headless Chromium.

python -m benchmarks.pages [_build/html]
"""

import sys
from pathlib import Path
from urllib.parse import unquote, urlparse

from playwright.sync_api import sync_playwright

from benchmarks.widgets import OPTIONS, chromium

PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN"


def measure(page: Path, browser) -> tuple[int, int, float]:
    """Bytes of the page itself, bytes of all files that it loads, ms to the first paint."""
    tab, files = browser.new_page(), set()
    tab.on("request", lambda r: files.add(unquote(urlparse(r.url).path)))
    tab.goto(page.resolve().as_uri(), wait_until="load")
    tab.wait_for_timeout(1500)  # formulas and widgets come after the load
    paint = tab.evaluate(PAINT)
    tab.close()
    loaded = sum(Path(f).stat().st_size for f in files if Path(f).is_file())
    return page.stat().st_size, loaded, paint


def main(folder: str = "_build/html") -> None:
    """Print a table, a row for each page."""
    print("| page | page, kB | with all that it loads, kB | first paint, ms |\n|---|---|---|---|")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=OPTIONS)
        for page in sorted(Path(folder).glob("*.html")):
            size, loaded, paint = measure(page, browser)
            print(f"| {page.stem} | {size / 1e3:.0f} | {loaded / 1e3:.0f} | {paint:.0f} |")
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Weight and first paint of the pages of the built book, in headless Chromium."""

from pathlib import Path
from urllib.parse import unquote, urlparse

from benchmarks import report
from benchmarks.options import Options
from benchmarks.widgets import launch

PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN"


def weigh(page: Path, browser) -> tuple[int, int, float]:
    """Bytes of the page itself, bytes of all files that it loads, ms to the first paint."""
    tab, files = browser.new_page(), set()
    tab.on("request", lambda r: files.add(unquote(urlparse(r.url).path)))
    tab.goto(page.resolve().as_uri(), wait_until="load")
    tab.wait_for_timeout(1500)  # formulas and widgets come after the load
    paint = tab.evaluate(PAINT)
    tab.close()
    loaded = sum(Path(f).stat().st_size for f in files if Path(f).is_file())
    return page.stat().st_size, loaded, paint


def run(options: Options) -> None:
    """Open each page of _build/html, the first one alone if it is to be quick; write pages.csv."""
    from playwright.sync_api import sync_playwright  # not among what a reader has to install

    pages = sorted((report.ROOT / "_build" / "html").glob("*.html"))
    if not pages:
        raise SystemExit("error: the book is not built: make book")
    rows = []
    with sync_playwright() as playwright:
        browser = launch(playwright)
        for page in pages[: 1 if options.quick else None]:
            size, loaded, paint = weigh(page, browser)
            row = {"page": page.stem, "page, kB": size / 1e3}
            rows.append(
                row | {"with all that it loads, kB": loaded / 1e3, "first paint, ms": paint}
            )
        about = report.header("pages", browser=f"Chromium {browser.version}, headless")
        browser.close()
    print(report.write("pages", rows, about, options.folder_of("pages")))

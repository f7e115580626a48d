"""Makes the picture of the feed in the README: runs the demonstration, photographs it."""

import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
PLACE = ROOT / "docs" / "feed.png"

if __name__ == "__main__":
    demo = subprocess.Popen(
        [sys.executable, "-m", "markwatch", "demo", "--no-browser", "--items", "600"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert demo.stdout
    address = re.search(r"http\S+", demo.stdout.readline())
    assert address
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": 1200, "height": 760})
        page.goto(address[0])
        page.locator(".row").nth(12).wait_for(timeout=60_000)
        page.wait_for_timeout(3_000)
        page.screenshot(path=PLACE)
        browser.close()
    demo.send_signal(signal.SIGINT)
    demo.wait()
    Image.open(PLACE).quantize(128).save(PLACE, optimize=True)

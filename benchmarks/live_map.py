"""How many frames a second the live map of a case draws while it is dragged, with every airspace on it.

The public case half played, in Chromium: the map is dragged in circles for ``--seconds``, flat and as a
globe, and once more the mouse only moves over it. A frame is one of the browser's own
(``requestAnimationFrame``); they come 60 times a second at the most. Where there is no graphics card Chromium
draws with the processor (SwiftShader), on the cores that the desk runs on. So two more figures are given: the
page's own work for a frame, which is what is left to wait for where a card draws (a 60th of a second is
16.7 ms), and the frames of an empty map of the same library and size, its peer. ``--card`` leaves the choice
to Chromium.

Run: ``python benchmarks/live_map.py [--seconds 5] [--width 1360] [--height 900] [--card]``. Needs Chromium.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tools"))

from desk_pages import CASE, chromium, furnished, reading_as
from overflight.desk import parts
from overflight.desk.server import serving

_SOFTWARE = ["--use-angle=swiftshader", "--enable-unsafe-swiftshader"]

#: Drags the map in a slow circle (or only moves over it) and gives the milliseconds of every frame.
_MOVED = """
async ([seconds, drags]) => {
  const canvas = document.querySelector("#map canvas");
  const box = canvas.getBoundingClientRect();
  const x = box.left + box.width / 2, y = box.top + box.height / 2;
  const mouse = (kind, n) => canvas.dispatchEvent(new MouseEvent(kind, {
    bubbles: true, cancelable: true, button: 0, buttons: drags ? 1 : 0, view: window,
    clientX: x + 120 * Math.sin(n / 40), clientY: y + 60 * Math.cos(n / 40),
  }));
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  if (drags) mouse("mousedown", 0);
  window.framework.clear();
  const times = [];
  let last = await frame();
  const end = last + seconds * 1000;
  for (let n = 0; last < end; n += 1) {
    mouse("mousemove", n);
    const now = await frame();
    times.push(now - last);
    last = now;
  }
  if (drags) mouse("mouseup", 0);
  const work = [...window.framework.values()];
  return { times, work };
}
"""
#: Adds up what the page does in each frame.
_WATCH = """
window.framework = new Map();
const asked = window.requestAnimationFrame.bind(window);
window.requestAnimationFrame = (work) => asked((at) => {
  const begun = performance.now();
  work(at);
  window.framework.set(at, (window.framework.get(at) ?? 0) + performance.now() - begun);
});
"""
#: An empty map in the place of the other.
_EMPTY = """
async (module) => {
  const library = await import(module);
  const place = document.querySelector("#map");
  place.replaceChildren();
  const style = { version: 8, sources: {}, layers: [{ id: "sea", type: "background" }] };
  const map = new library.Map({ container: place, style, center: [90, 30], zoom: 2.8 });
  await map.once("load");
}
"""
_CARD = """
() => {
  const gl = document.createElement("canvas").getContext("webgl2");
  const about = gl.getExtension("WEBGL_debug_renderer_info");
  return gl.getParameter(about ? about.UNMASKED_RENDERER_WEBGL : gl.RENDERER);
}
"""


def measured(page: Page, seconds: float, *, drags: bool) -> str:
    """Frames of one run, in words."""
    found = page.evaluate(_MOVED, [seconds, drags])
    times: list[float] = found["times"]
    slow, work = statistics.quantiles(times, n=100), statistics.quantiles(found["work"], n=100)
    return (
        f"{1000 * len(times) / sum(times):5.1f} frames a second, "
        f"median {statistics.median(times):.0f} ms, 95 % {slow[94]:.0f} ms, longest {max(times):.0f} ms; "
        f"own work median {work[49]:.1f} ms, 95 % {work[94]:.1f} ms"
    )


def main() -> None:
    words = argparse.ArgumentParser(description="Frames of the live map.")
    words.add_argument("--seconds", type=float, default=5.0)
    words.add_argument("--width", type=int, default=1360)
    words.add_argument("--height", type=int, default=900)
    words.add_argument("--card", action="store_true", help="let Chromium use a graphics card")
    given = words.parse_args()
    found = chromium()
    if found is None:
        print("no Chromium on this machine; on Debian: apt-get install chromium")
        return
    parts.fetch(say=print)
    flags = [] if given.card else _SOFTWARE
    flags = flags + (["--no-sandbox"] if os.geteuid() == 0 else [])
    looks: dict[str, Any] = {"viewport": {"width": given.width, "height": given.height}}
    with (
        tempfile.TemporaryDirectory() as home,
        furnished(Path(home) / "desk") as (rooms, _),
        serving(reading_as(rooms)) as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=found, args=flags)
        page = browser.new_context(**looks, extra_http_headers={"X-Looks": "officer"}).new_page()
        page.set_default_timeout(120_000)
        page.add_init_script(_WATCH)
        page.goto(f"{address}/cases/{CASE}?wait=true")
        page.wait_for_selector("#map[data-ready=yes]")
        page.wait_for_timeout(4000)
        wide, high = page.evaluate(
            "(({ width, height }) => [width, height])(document.querySelector('#map canvas'))"
        )
        print(
            f"Chromium {browser.version}, {page.evaluate(_CARD)}, {platform.machine()}, "
            f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; canvas {wide} x {high}"
        )
        for kind in ("globe", "flat"):
            page.click(f"[data-map={kind}]")
            page.wait_for_timeout(2500)
            for words_, drags in (("dragged", True), ("pointed at", False)):
                print(f"{kind:6s} {words_:10s} {measured(page, given.seconds, drags=drags)}", flush=True)
        page.evaluate(_EMPTY, page.get_attribute("#map", "data-module"))
        page.wait_for_timeout(1500)
        print(f"empty  dragged    {measured(page, given.seconds, drags=True)}")
        browser.close()


if __name__ == "__main__":
    main()

"""A published site in real Chromium: accessibility, reflow, the content policy, the keyboard, links."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

import tools
from findings import Finding
from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response, Route

SCHEMES = ("light", "dark")
WIDTHS = (320, 768, 1280)
HEIGHT = 900
#: More presses of Tab than any page of the checks has stops.
MOST_STOPS = 2000

#: Rules of axe that do not apply, as {rule: reason}. All others run, those of WCAG's AAA level, the
#: best practices and the experimental ones included.
ACCEPTED: dict[str, str] = {
    "p-as-heading": "experimental; in a list of names, each entry begins with its name, in bold",
}

_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)

_AXE = """async (accepted) => {
  const tags = [...new Set(axe.getRules().flatMap((rule) => rule.tags))];
  const rules = Object.fromEntries(accepted.map((id) => [id, {enabled: false}]));
  const result = await axe.run(document, {
    runOnly: {type: "tag", values: tags}, rules, resultTypes: ["violations"],
  });
  return result.violations.flatMap((one) => one.nodes.map((node) => ({
    rule: one.id, element: node.html.slice(0, 300),
    // Without the sizes, which differ from window to window.
    message: (node.failureSummary || one.help).replace(/\\s+/g, " ")
      .replace(/, font size: .*?font weight: \\w+/g, "").replace(/[\\d.]+px by [\\d.]+px, /g, ""),
  })));
}"""

_OVERFLOW = """() => {
  const root = document.documentElement;
  if (root.scrollWidth <= root.clientWidth) return null;
  const wide = [...document.body.querySelectorAll("*")].filter((one) => {
    const box = one.getBoundingClientRect();
    return box.width && (box.right > root.clientWidth + 1 || box.left < -1);
  });
  const inner = wide.filter((one) => !wide.some((other) => other !== one && one.contains(other)));
  return {by: root.scrollWidth - root.clientWidth,
          elements: inner.slice(0, 5).map((one) => one.outerHTML.slice(0, 200))};
}"""

# What has the focus now: null at the end of the page.
_FOCUSED = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const style = getComputedStyle(one);
  const box = one.getBoundingClientRect();
  window.reached = window.reached || new Set();
  const seen = window.reached.has(one);
  window.reached.add(one);
  return {
    seen, tag: one.localName, href: one.getAttribute("href") || "", html: one.outerHTML.slice(0, 200),
    outlined: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0,
    shown: box.width > 1 && box.height > 1 && box.bottom > 0 && box.top < innerHeight,
    closed: one.localName === "summary" && !one.parentElement.open,
  };
}"""

# Mentions whose entity has no link in their own block that Tab has reached.
_UNREACHED = """(plurals) => {
  const block = "p, li, dd, dt, td, th, caption, figcaption, summary, h1, h2, h3, h4, h5, h6, pre, div";
  const links = [...window.reached].filter((one) => one.localName === "a");
  return [...document.querySelectorAll("[id^='m-']")].filter((one) => {
    const [, kind, id] = one.id.match(/^m-([a-z0-9]+(?:-[a-z0-9]+)*?)-(.+)-[0-9]+$/) || [];
    const end = `/${plurals[kind] || kind + "s"}/${id}/`;
    return !links.some((link) => new URL(link.href).pathname.endsWith(end)
      && link.closest(block) === one.closest(block));
  }).map((one) => one.outerHTML.slice(0, 200));
}"""
_PLURALS = {
    "country": "countries",
    "project": "projects",
    "person": "people",
    "organisation": "organisations",
}

# Whether the target of the address can be seen, and looks other than when it is no target.
_LANDED = """() => {
  const target = document.querySelector(":target");
  if (!target) return {problem: "nothing has the id that the address names"};
  const look = () => {
    const style = getComputedStyle(target);
    return [style.backgroundColor, style.outline, style.boxShadow, style.borderColor].join();
  };
  const box = target.getClientRects()[0];
  const room = document.documentElement;
  const marked = look();
  const html = target.outerHTML.slice(0, 200);
  location.hash = "";
  if (!box || !box.width) return {problem: "the mention is not shown", html};
  if (box.top < 0 || box.bottom > room.clientHeight || box.left < 0 || box.right > room.clientWidth)
    return {problem: "the mention is out of sight", html};
  return {problem: marked === look() ? "the mention is not marked" : "", html};
}"""


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless Chromium for as long as the context lasts."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=tools.chromium(), args=list(_FLAGS))
        try:
            yield browser
        finally:
            browser.close()


class Visit:
    """One tab on a served site. `found` gathers what goes wrong, on loading pages too.

    `home` is the address that the site is served at; requests to anywhere else are stopped.
    """

    def __init__(self, browser: Browser, home: str, screenshots: Path | None = None) -> None:
        self.found: list[Finding] = []
        self._home = home
        self._origin = home.split("/", 3)[2]
        self._screenshots = screenshots
        self._address = "/"
        self._expected = ""
        self._window = ""
        context = browser.new_context(reduced_motion="reduce", service_workers="block")
        context.route("**/*", self._route)
        self._page: Page = context.new_page()
        self._page.on("console", self._console)
        self._page.on("pageerror", lambda error: self._say("script error", "", str(error)))
        self._page.on("response", self._response)

    def close(self) -> None:
        """Close the tab and forget all that it holds."""
        self._page.context.close()

    def accessibility(self, address: str, name: str) -> None:
        """Run axe on a page, light and dark at each width, and look for what is wider than that."""
        self._open(address)
        self._page.evaluate(tools.AXE.read_text(encoding="utf-8"))
        for scheme in SCHEMES:
            for width in WIDTHS:
                self._resize(width, scheme)
                self._overflow()
                for one in self._page.evaluate(_AXE, list(ACCEPTED)):
                    self._say(f"axe {one['rule']}", one["element"], one["message"])
                if self._screenshots:
                    file = self._screenshots / f"{name}-{scheme}-{width}.png"
                    self._page.screenshot(path=file, full_page=True)

    def narrow(self, address: str) -> None:
        """Load a page in the narrowest window: nothing may fail, nothing may be wider than it."""
        self._resize(WIDTHS[0])
        self._open(address)
        self._overflow()

    def keyboard(self, address: str) -> None:
        """Walk through an article by Tab: the skip link first, then a link for each of its mentions."""
        self._resize(WIDTHS[-1])
        self._open(address)
        self._page.keyboard.press("Tab")
        first = self._page.evaluate(_FOCUSED)
        if first is None or not first["href"].startswith("#") or not first["shown"]:
            element = first["html"] if first else "<body>"
            self._say("keyboard", element, "the first stop of Tab is no visible link into the page")
            return
        for _ in range(MOST_STOPS):
            self._page.keyboard.press("Tab")
            stop = self._page.evaluate(_FOCUSED)
            if stop is None or stop["seen"]:
                break
            if not stop["shown"] or not stop["outlined"]:
                self._say("keyboard", stop["html"], "the focus can't be seen")
            if stop["closed"]:
                self._page.keyboard.press("Enter")
        for element in self._page.evaluate(_UNREACHED, _PLURALS):
            self._say("keyboard", element, "Tab reaches no link to the entity in the mention's block")
        self._skip()

    def deep_links(self, address: str) -> None:
        """Follow links of an index page to mentions: each is in sight and marked."""
        for width in (WIDTHS[0], WIDTHS[-1]):
            self._resize(width)
            self._open(address)
            count = self._page.locator("main a[href*='#m-']").count()
            if not count:
                self._say("deep link", "<main>", "the page has no link to a mention")
                return
            for number in sorted({0, count // 2, count - 1}):
                self._open(address)
                link = self._page.locator("main a[href*='#m-']").nth(number)
                written = link.get_attribute("href")
                link.click()
                self._page.wait_for_url(re.compile(r"#m-"))
                landed = self._page.evaluate(_LANDED)
                if landed["problem"]:
                    element = landed.get("html", written)
                    self._say("deep link", element, f"{landed['problem']} ({written})")

    def not_found(self, name: str) -> None:
        """Check the page for unknown addresses, deep in the site, where relative links would break."""
        missing = "/no/such/page/"
        self._expected = self._home + missing[1:]
        self.accessibility(missing, name)
        self._expected = ""

    def _skip(self) -> None:
        self._open(self._address)
        self._page.keyboard.press("Tab")
        self._page.keyboard.press("Enter")
        inside = self._page.evaluate("() => document.querySelector(':target')?.outerHTML.slice(0, 100)")
        if not inside:
            self._say("keyboard", "", "the skip link leads nowhere")
            return
        self._page.keyboard.press("Tab")
        in_main = "() => !!document.activeElement.closest('main')"
        if not self._page.evaluate(in_main) and self._page.locator("main a").count():
            self._say("keyboard", inside, "Tab does not go on behind the skip link's target")

    def _open(self, address: str) -> None:
        self._address = address
        self._page.goto(self._home + address[1:], wait_until="load")

    def _resize(self, width: int, scheme: str = "light") -> None:
        self._window = f"{scheme}, {width} px"
        self._page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        self._page.set_viewport_size({"width": width, "height": HEIGHT})

    def _overflow(self) -> None:
        wide = self._page.evaluate(_OVERFLOW)
        if wide:
            message = f"the page is {wide['by']} px wider than the window"
            self._say("overflow", " ".join(wide["elements"]), message)

    def _say(self, rule: str, element: str, message: str) -> None:
        self.found.append(Finding(self._address, rule, element, message, self._window))

    def _route(self, route: Route, request: Request) -> None:
        if request.url.split("/", 3)[2] == self._origin:
            route.continue_()
            return
        self._say("foreign request", request.url, f"the page loads a {request.resource_type}")
        route.abort()

    def _response(self, response: Response) -> None:
        if response.status >= 400 and response.url != self._expected:
            self._say("failed request", response.url, f"the server answers {response.status}")

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and message.location.get("url") != self._expected:
            self._say("console error", message.location.get("url", ""), message.text)

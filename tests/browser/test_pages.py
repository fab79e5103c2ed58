"""The pages in a real browser: each of them in each language, in two widths and once per auth manager, with what only a
browser tells: requests, violations of the policy, overflow, accessibility. `make browser` installs what it needs.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import Template, fresh_home
from tests.mend_airflow.ui.airflow_app import FAB, PASSWORD, SIMPLE, served
from tests.mend_airflow.ui.code_rows import put_code_rows
from tests.mend_airflow.ui.list_rows import put_list_rows
from tests.mend_airflow.ui.month_rows import put_month_rows
from tests.mend_airflow.ui.paths import PAGES
from tests.mend_airflow.ui.rows import put_rows
from tests.mend_airflow.ui.work_rows import put_work

HERE = Path(__file__).parent
AXE = HERE / "node_modules" / "axe-core" / "axe.min.js"
CHROMIUM = shutil.which("chromium")
WIDTHS = (1440, 390)
# Of what is no violation axe need not name every node.
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"], "resultTypes": ["violations"]}
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
PROBE = """
window.broken = [];
document.addEventListener("securitypolicyviolation", (event) => window.broken.push(event.violatedDirective));
"""
# English with SimpleAuthManager, Chinese with FAB: each page is seen with both, and in both languages.
MANAGERS = {"simple": SIMPLE, "fab": FAB}
IN_SIMPLE = pytest.mark.parametrize("seen", ["simple"], indirect=True)
IN_FAB = pytest.mark.parametrize("seen", ["fab"], indirect=True)
IN_BOTH = pytest.mark.parametrize("seen", MANAGERS, indirect=True)
LANGUAGES = {"simple": "en", "fab": "zh"}
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None or not AXE.exists(), reason="no Chromium or axe-core here: make browser"),
]


@dataclass
class Opened:
    """A page in the browser, what it asked for and what it complained of."""

    page: Any
    origin: str
    requests: list[str]
    complaints: list[str]


@dataclass
class Seen:
    """A browser and Airflow with the pages."""

    browser: Any
    origin: str
    tokens: Any
    language: str

    def open(
        self, path: str, who: str | None = "admin", language: str | None = None, width: int = 1440, dark: bool = False
    ) -> Opened:
        """Open a page as somebody or nobody, in the language of their browser."""
        tag = {"en": "en-GB", "zh": "zh-CN"}[language or self.language]
        scheme = "dark" if dark else "light"
        context = self.browser.new_context(
            viewport={"width": width, "height": 900}, locale=tag, color_scheme=scheme, bypass_csp=False
        )
        if who:
            context.add_cookies([{"name": "_token", "value": self.tokens[who], "url": self.origin}])
        context.add_init_script(PROBE)
        opened = Opened(context.new_page(), self.origin, [], [])
        opened.page.on("request", lambda request: opened.requests.append(request.url))
        opened.page.on("pageerror", lambda error: opened.complaints.append(str(error)))
        opened.page.on("dialog", lambda dialog: opened.complaints.append(dialog.message))
        opened.page.goto(f"{self.origin}{path}", wait_until="load")
        return opened


@pytest.fixture(scope="module")
def seen(request: pytest.FixtureRequest, template: Template) -> Iterator[Seen]:
    """One server and one browser for all tests of a manager here, and for no others: the browser's event loop and the
    server's environment would be theirs, too.
    """
    playwright = pytest.importorskip("playwright.sync_api", reason="no playwright here: make browser")
    with tempfile.TemporaryDirectory() as folder, fresh_home(template, Path(folder)) as home:
        put_rows(home)
        put_month_rows(home)
        put_list_rows(home)
        put_work(home)
        put_code_rows(home)
        with served(home, MANAGERS[request.param]) as (origin, tokens), playwright.sync_playwright() as started:
            browser = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            yield Seen(browser, origin, tokens, LANGUAGES[request.param])
            browser.close()


@IN_BOTH
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_whole_accessible_and_asks_nobody_else(seen: Seen, path: str) -> None:
    language = seen.language
    opened = seen.open(path, width=WIDTHS[0], dark=language == "zh")
    page = opened.page
    assert page.evaluate("document.documentElement.lang") == {"en": "en", "zh": "zh-CN"}[language]
    page.evaluate(AXE.read_text("utf-8"))
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        keep(page, f"{path}-{language}-{width}")
        assert page.evaluate(OVERFLOW) <= 0, width
        found = page.evaluate("rules => axe.run(document, rules)", RULES)
        violations = [(each["id"], [node["html"] for node in each["nodes"]]) for each in found["violations"]]
        assert (width, violations) == (width, [])
    assert [each for each in opened.requests if not each.startswith(seen.origin)] == []
    assert (opened.complaints, page.evaluate("window.broken")) == ([], [])
    page.context.close()


def keep(page: Any, name: str) -> None:
    """A picture for whoever wants to look: in the folder that MEND_PICTURES names."""
    if folder := os.environ.get("MEND_PICTURES"):
        safe = "".join(each if each.isalnum() else "-" for each in name).strip("-")
        page.screenshot(path=Path(folder) / f"{safe}.png", full_page=True)


@IN_FAB
def test_a_bookmark_leads_to_the_login_and_back_to_the_page(seen: Seen) -> None:
    opened = seen.open("/mend/lists/2026-05-v2?customer=K1", who=None)
    page = opened.page
    page.click("main a[href*='/auth/login']")
    page.fill("input[name=username]", "handler")
    page.fill("input[name=password]", PASSWORD)
    page.click("input[type=submit]")
    page.wait_for_url("**/mend/lists/2026-05-v2?customer=K1")
    keep(page, "after the login of FAB")
    assert page.inner_text("h1") == "名单 2026-05-v2"
    assert "handler" in page.inner_text("footer")
    page.context.close()


@IN_SIMPLE
def test_the_number_appears_in_the_page_once_a_reason_is_given(seen: Seen) -> None:
    opened = seen.open("/mend/customers/K1")
    opened.page.fill("#whole input[name=reason]", "they asked to be called")
    opened.page.click("#whole button")
    opened.page.wait_for_selector("#whole [role=status]")
    assert "+8613812345678" in opened.page.inner_text("#whole")
    assert opened.page.url.endswith("/mend/customers/K1")
    assert (opened.complaints, opened.page.evaluate("window.broken")) == ([], [])
    opened.page.context.close()


@IN_FAB
def test_a_bookmark_opens_the_page_in_airflows_frame_and_links_lead_out_of_it(seen: Seen) -> None:
    opened = seen.open("/plugin/mend/mend/customers/K1", width=1440)
    frame = opened.page.frame_locator("iframe")
    frame.locator("h1").wait_for()
    assert frame.locator("h1").inner_text() == "客户 K1"
    assert frame.locator("[data-alone]").is_hidden()
    opened.page.goto(f"{seen.origin}/plugin/mend/mend/", wait_until="load")
    opened.page.frame_locator("iframe").locator("a[data-airflow]").first.click()
    opened.page.wait_for_url("**/dags/mend_nightly/runs**")
    assert opened.page.locator("iframe").count() == 0
    opened.page.context.close()


@IN_SIMPLE
def test_the_own_switch_changes_the_language_where_the_page_stands_alone(seen: Seen) -> None:
    opened = seen.open("/mend/")
    opened.page.click("button[data-language=zh-CN]")
    opened.page.wait_for_function("document.documentElement.lang === 'zh-CN'")
    assert opened.page.evaluate("localStorage.getItem('i18nextLng')") == "zh-CN"
    opened.page.reload()
    assert opened.page.inner_text("h1") == "昨夜一览"
    opened.page.context.close()

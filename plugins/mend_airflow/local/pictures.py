"""Pictures of the running demo's pages, in both languages, and the two pages of the documents that show them.

python -m mend_airflow.local pictures
"""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from mend.foundation.home import Home
from mend_airflow.local.environment import REPOSITORY
from mend_airflow.local.errors import LocalError
from mend_airflow.local.rest import Airflow
from mend_airflow.local.screen import Screen
from mend_airflow.local.services import Services
from mend_airflow.local.shown import latest_list_of, worst_of
from mend_airflow.local.startup import client_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

WIDTH, HEIGHT, MOST = 1200, 800, 1400  # pixels; a longer page is cut between two lines
# Where the picture begins and ends: at most so many pixels high, no line, row or drawing in two, no heading last.
ENDS: Final = """
([part, most]) => {
  const heading = part ? document.getElementById(part) : null;
  const top = heading ? Math.max(0, Math.floor(heading.getBoundingClientRect().top + scrollY) - 16) : 0;
  const whole = document.documentElement.scrollHeight;
  if (whole <= top + most) return [top, whole];
  const kinds = "tr, li, p, dt, dd, h1, h2, h3, h4, figure > svg, form, caption";
  const parts = [...document.querySelectorAll(kinds)].map((each) => {
    const box = each.getBoundingClientRect();
    return { top: box.top + scrollY, bottom: box.bottom + scrollY, isHead: /^(H\\d|CAPTION)$/.test(each.tagName)
      || each.closest("thead") !== null };
  });
  const ends = parts.filter((each) => !each.isHead && each.bottom <= top + most && each.bottom > top)
    .map((each) => Math.ceil(each.bottom)).sort((one, other) => other - one);
  const isFree = (end) => parts.every((each) => each.bottom - 1 <= end || each.top + 1 >= end);
  return [top, ends.find(isFree) ?? top + most];
}
"""
TAGS: Final = {"en": "en-GB", "zh": "zh-CN"}
PAGES: Final = {"en": "pictures.md", "zh": "pictures.zh-CN.md"}
TITLES: Final = {
    "en": ("Pictures", "Mend before you try it: the pages inside Airflow's UI, as `make demo` leaves them."),
    "zh": ("界面图片", "供想先看一看 Mend 的读者：Airflow 界面里的各个页面，内容是 `make demo` 跑完后的样子。"),
}


@dataclass(frozen=True)
class Picture:
    """A page and what it shows. In the path `{customer}` is the most damaged customer of the demo's last month,
    `{list}` the latest list. `part`: the heading (its id) that the picture begins with; the page's top when empty.
    """

    name: str
    path: str
    en: str
    zh: str
    part: str = ""

    def words(self, language: str) -> str:
        return self.zh if language == "zh" else self.en


PICTURES: Final = (
    Picture("overview", "/mend/", "Last night in one look", "昨夜情况一览"),
    Picture("customer", "/mend/customers/{customer}", "A customer's story, point by point", "一位客户的经过，逐分说明"),
    Picture("card", "/mend/card/{customer}", "The agent's card: what is this grumble?", "坐席卡片：当即判定抱怨"),
    Picture("warnings", "/mend/warnings", "Whom to call before they complain", "投诉之前先联系谁"),
    Picture("desk", "/mend/desk", "Follow-up with the time that is left", "跟进工作台与剩余时限"),
    Picture("lists", "/mend/lists/{list}", "Repair campaigns, from candidates to published", "修复名单：从候选到发布"),
    Picture("effect", "/mend/effect", "Did it work, beside those held out", "效果：与对照组相比"),
    Picture("touchpoints", "/mend/touchpoints", "Touchpoints: importance and performance", "触点：重要性与表现"),
    Picture("clusters", "/mend/clusters", "Customer clusters in words", "客户分群的文字说明"),
    Picture("association", "/mend/association", "Which grumbles lead to complaints", "哪些抱怨会变成投诉"),
    Picture("model", "/mend/association", "How good the complaint model is", "投诉模型效果", "models"),
)


def take(home: Home, screen: Screen, into: Path = REPOSITORY / "docs") -> None:
    """Take those whose page is there, and write the pages that show them. LocalError without browser or demo."""
    services = Services(home)
    airflow, known = client_of(services), {"customer": worst_of(home), "list": latest_list_of(home)}
    wanted = [each for each in PICTURES if _is_there(airflow, each, known)]
    (into / "images").mkdir(exist_ok=True)
    with _browser() as browser:
        for language in TAGS:
            for each in wanted:
                page = _open(browser, services.address, airflow.token(), language, each, known)
                _fill(page, each)
                path = into / "images" / f"{each.name}.{language}.png"
                _photograph(page, path, each.part)
                screen.say(f"{path.relative_to(into)}: {path.stat().st_size // 1024} KiB")
                page.context.close()
    for language, name in PAGES.items():
        (into / name).write_text(text_of(wanted, language), "utf-8")
        (into / name).chmod(0o644)
    if left := [each.name for each in PICTURES if each not in wanted]:
        screen.say(f"not there yet: {', '.join(left)}")


def text_of(pictures: Sequence[Picture], language: str) -> str:
    """The page that shows the pictures.

    >>> print(text_of(PICTURES[:1], "en").splitlines()[4])
    ## Last night in one look
    """
    title, what = TITLES[language]
    parts = [f"# {title}\n\n{what}\n"]
    parts += [
        f"## {each.words(language)}\n\n![{each.words(language)}](images/{each.name}.{language}.png)\n"
        for each in pictures
    ]
    return "\n".join(parts)


def _is_there(airflow: Airflow, picture: Picture, known: Mapping[str, str | None]) -> bool:
    if any(f"{{{name}}}" in picture.path and value is None for name, value in known.items()):
        return False
    try:
        airflow.page(picture.path.format_map(known))
    except LocalError:
        return False
    return True


@contextmanager
def _browser() -> Iterator[Browser]:
    """The system's Chromium."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        raise LocalError("pictures need what the tests in a browser need: `make browser` installs it") from None
    chromium = shutil.which("chromium")
    if chromium is None:
        raise LocalError("there is no Chromium here: `make browser` installs it")
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser
        browser.close()


def _open(
    browser: Browser, origin: str, token: str, language: str, picture: Picture, known: Mapping[str, str | None]
) -> Page:
    viewport: Any = {"width": WIDTH, "height": HEIGHT}
    context = browser.new_context(viewport=viewport, locale=TAGS[language], color_scheme="light")
    context.add_cookies([{"name": "_token", "value": token, "url": origin}])
    page = context.new_page()
    page.goto(origin + picture.path.format_map(known), wait_until="load")
    return page


def _fill(page: Page, picture: Picture) -> None:
    """On the card a grumble is asked about."""
    if picture.name != "card" or not page.locator("#grumble select[name=point]").count():
        return
    page.select_option("#grumble select[name=point]", index=1)
    page.select_option("#grumble select[name=mood]", "angry")
    page.click("#grumble button")
    page.wait_for_selector("#grumble [role=status]")


def _photograph(page: Page, path: Path, part: str) -> None:
    top, bottom = page.evaluate(ENDS, [part, MOST])
    page.set_viewport_size({"width": WIDTH, "height": max(HEIGHT // 2, bottom)})
    picture = page.screenshot(clip={"x": 0, "y": top, "width": WIDTH, "height": max(HEIGHT // 2, bottom - top)})
    write_small(picture, path)
    path.chmod(0o644)  # it is no customer's


def write_small(picture: bytes, path: Path) -> None:
    """Write a PNG with 256 colours at most: a third of the bytes, and the eye sees no difference."""
    from PIL import Image  # what takes pictures alone needs it

    with Image.open(io.BytesIO(picture)) as image:
        image.convert("RGB").quantize(256).save(path, optimize=True)

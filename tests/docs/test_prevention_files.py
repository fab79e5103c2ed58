"""The examples of docs/guide/prevention-files.md are files that load, in both languages, and every key is named."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from pydantic import BaseModel

from mend.prevention.routing.rules import Clock, Department, Judging, RoutingRules, load_routing_rules
from mend.prevention.touchpoint.content import (
    FileText,
    MeasureText,
    PersonText,
    RatingText,
    SettingsText,
    TouchpointText,
)
from mend.prevention.touchpoint.inventory import load_inventories
from mend.repair.seasons import load_themes, themes_on
from mend.repair.seasons.rules import Theme, ThemeSet

GUIDE = Path(__file__).parents[2] / "docs" / "guide"
PAGES = [GUIDE / "prevention-files.md", GUIDE / "prevention-files.zh-CN.md"]
EXAMPLE = re.compile(r"`<home>/([\w/]+)/([\d-]+)\.yaml`[:：]\n\n```yaml\n(.*?)```", re.DOTALL)
MODELS: dict[str, tuple[type[BaseModel], ...]] = {
    "touchpoints": (FileText, SettingsText, PersonText, TouchpointText, MeasureText, RatingText),
    "seasons": (ThemeSet, Theme),
    "rules/routing": (RoutingRules, Judging, Clock, Department),
}
DAY = dt.date(2026, 3, 1)


def written(page: Path, home: Path) -> list[str]:
    """Put the page's examples where it says that they belong; gives their folders."""
    folders = []
    for folder, name, text in EXAMPLE.findall(page.read_text("utf-8")):
        (home / folder).mkdir(parents=True)
        (home / folder / f"{name}.yaml").write_text(text, "utf-8")
        folders.append(folder)
    return folders


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_examples_load_as_they_stand(page: Path, tmp_path: Path) -> None:
    assert written(page, tmp_path) == list(MODELS)
    inventory = load_inventories(tmp_path / "touchpoints")[-1]
    assert (inventory.valid_from, len(inventory.touchpoints)) == (DAY, 2)
    assert inventory.content.owners["self_service_owner"].deputies == ("li.na", "chen.bo")
    assert list(themes_on(DAY, tmp_path / "seasons")) == ["graduation"]
    assert load_themes(tmp_path / "seasons")[-1].themes["graduation"].is_on(dt.date(2026, 6, 30))
    rules = load_routing_rules(tmp_path / "rules" / "routing")[-1]
    assert rules.valid_from == DAY
    assert rules.department("network").people("city", "nanjing") == ("gao.feng", "xu.yu")


def keys(models: Iterable[type[BaseModel]]) -> set[str]:
    return {name for model in models for name in model.model_fields}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_key_is_named_in_the_example_and_in_its_table(page: Path) -> None:
    parts = page.read_text("utf-8").split("\n## ")[1:]
    assert len(parts) == len(MODELS)
    for part, models in zip(parts, MODELS.values(), strict=True):
        example, table = part.split("```")[1:3]
        for where in (example, table):
            named = set(re.findall(r"[a-z_]+", where))
            assert keys(models) - named == set()

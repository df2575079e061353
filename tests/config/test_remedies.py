"""The compensation matrix: the law's floors are shipped uncleared, only cleared rows may be said, faults explain."""

import re

import pytest

from config.errors import SettingsError
from config.load import SHIPPED, load
from config.remedies import Remedies, Remedy, load_remedies
from statements.posting.remedies import cleared_amounts, rows_for
from statements.rules.consistency import amounts

ROW = """
[[remedy]]
id = "{id}"
category = "{category}"
zh = "每位顾客补偿500元"
en = "500 yuan for each customer"
basis = "董事会 2026-03-12"
{more}
"""
CLEARED = 'cleared_by = "周法务"\ncleared_on = 2026-03-12'


def matrix(folder, *rows: str):
    (folder / "remedies.toml").write_text("\n".join(rows), encoding="utf-8")
    return load_remedies(folder)


def test_the_shipped_rows_are_floors_that_nobody_cleared():
    shipped = load(SHIPPED, {}).remedies
    assert {"refund", "fraud_three_times"} <= {one.id for one in rows_for(shipped, "rumour")}
    assert {"food_ten_times", "food_first_asked"} <= {one.id for one in rows_for(shipped, "food_safety")}
    assert all(one.basis and not one.cleared for one in shipped.remedy)
    assert cleared_amounts(shipped, "food_safety") == ()


def test_only_cleared_rows_of_the_category_may_be_said(tmp_path):
    found = matrix(
        tmp_path,
        ROW.format(id="a1", category="food_safety", more=CLEARED),
        ROW.format(id="a2", category="all", more=""),
    )
    assert cleared_amounts(found, "food_safety") == ("每位顾客补偿500元", "500 yuan for each customer")
    assert cleared_amounts(found, "rumour") == ()
    assert len(amounts(cleared_amounts(found, "food_safety"))) == 1


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (ROW.format(id="A B", category="all", more=""), "remedies.toml: remedy.1.id: "),
        (ROW.format(id="a1", category="all", more='cleared_by = "周"'), "a name and a day, or neither"),
        (ROW.format(id="a1", category="all", more="price = 3"), "remedies.toml: remedy.1.price: no such key"),
        ('due = "soon"', "remedies.toml: due: "),
        ('due = "1m"', "due: at least 1h"),
        (ROW.format(id="a1", category="all", more="") * 2, "used twice: a1"),
        ("[[", "remedies.toml: is not TOML"),
    ],
)
def test_a_fault_says_where_it_is_and_what_is_allowed(tmp_path, row, said):
    with pytest.raises(SettingsError) as caught:
        matrix(tmp_path, row)
    assert said in str(caught.value)


def test_every_key_stands_in_the_shipped_file_and_is_described():
    text = (SHIPPED / "remedies.toml").read_text(encoding="utf-8")
    for model in (Remedies, Remedy):
        for name, field in model.model_fields.items():
            assert re.search(rf"(?m)^#? ?(\[\[)?{name}\b", text), name
            assert field.description, name

"""Tables say how they were made, are stored once, and are listed."""

import pytest

from benchmarks import report
from infogan_lite import preset


def test_rows_of_a_kind_replace_earlier_ones_and_say_how_they_were_made(tmp_path):
    rows = [{"kind": e, "seed": s, "error": 0.1 * s} for e in "ab" for s in (1, 2)]
    first = {"date": "today", "a": "{1}", "b": "{2}"}
    report.merge("t", rows, "kind", first, tmp_path)
    again = {"date": "tomorrow", "a": "{3}", "b": "{4}"}
    report.merge("t", [rows[0] | {"error": 9.0}], "kind", again, tmp_path)
    read, notes = report.read(tmp_path / "t.csv")
    assert sorted((r["kind"], r["error"]) for r in read) == [
        ("a", "9.0"),
        ("b", "0.1"),
        ("b", "0.2"),
    ]
    assert notes == {"date": "today", "a": "{3}", "b": "{2}", "kind a": "date tomorrow"}
    report.merge("t", rows, "kind", {"date": "at last"}, tmp_path)
    assert report.read(tmp_path / "t.csv")[1] == {"date": "at last"}


def test_rows_that_stay_beside_new_ones_of_their_kind_keep_how_they_were_made(tmp_path):
    """A stopped experiment goes on another day: the first rows are not of that day."""

    def go_on(kind: str, n: int, day: str) -> dict[str, str]:
        known = report.made_with("t", "kind", kind, "{}", tmp_path)
        rows = [*known, {"kind": kind, "n": n}]
        report.merge("t", rows, "kind", {"made by": "us", "date": day}, tmp_path)
        return report.read(tmp_path / "t.csv")[1]

    assert go_on("a", 1, "Monday") == go_on("a", 2, "Monday")
    both = "made by us; date Monday; and made by us; date Tuesday"
    first = {"made by": "us", "date": "Monday"}
    assert go_on("a", 3, "Tuesday") == first | {"kind a": both}
    found = go_on("b", 4, "Tuesday")
    assert found == first | {"kind a": both, "kind b": "made by us; date Tuesday"}
    assert go_on("a", 5, "Tuesday") == go_on("b", 6, "Tuesday") == found
    assert len(report.read(tmp_path / "t.csv")[0]) == 6


def test_tables_come_back_with_their_header(tmp_path):
    rows = [{"variant": "recipe", "error": 0.0512345}, {"variant": "a, b", "error": 1.0}]
    about = report.header("ablation", preset("lite"), seeds=[3, 4])
    table = report.write("ablation", rows, about, tmp_path)
    read, header = report.read(tmp_path / "ablation.csv")
    assert [float(row["error"]) for row in read] == [0.0512345, 1.0]
    assert header == about and header["seeds"] == "[3, 4]"
    assert {"date", "hardware", "versions", "settings"} <= header.keys()
    assert "| recipe | 0.05123 |" in table


def test_a_table_stays_whole_if_it_cannot_be_written_anew(tmp_path):
    """A long experiment writes its table again after each run."""
    report.write("t", [{"n": 1}], {"date": "today"}, tmp_path)
    with pytest.raises(ValueError, match="fields not in fieldnames"):
        report.write("t", [{"n": 1}, {"n": 2, "other": 3}], {"date": "later"}, tmp_path)
    assert report.read(tmp_path / "t.csv") == ([{"n": "1"}], {"date": "today"})


def test_a_table_is_stored_once():
    names = [p.name for folder in (report.RESULTS, report.SHOWN) for p in folder.glob("*.csv")]
    assert len(set(names)) == len(names)
    assert {p.stem for p in report.SHOWN.glob("*.csv")} == set(report.CHAPTERS_READ)
    for path in [*report.RESULTS.glob("*.csv"), *report.SHOWN.glob("*.csv")]:
        assert "made by" in report.read(path)[1], path.name


def test_the_list_of_tables_is_that_of_the_files():
    assert (report.RESULTS / "README.md").read_text(encoding="utf8") == report.listing()


def test_a_table_elsewhere_leaves_the_list_alone(tmp_path, monkeypatch):
    monkeypatch.setattr(report, "RESULTS", tmp_path / "results")
    monkeypatch.setattr(report, "SHOWN", tmp_path / "shown")
    about = {"made by": "python -m benchmarks t, at commit abc", "date": "today"}
    report.write("t", [{"n": 1}], about, tmp_path / "elsewhere")
    assert not (tmp_path / "results").exists()
    report.write("t", [{"n": 1}], about, tmp_path / "results")
    line = "| [t](t.csv) | 1 | `python -m benchmarks t` | at commit abc | today |"
    assert line in (tmp_path / "results" / "README.md").read_text(encoding="utf8")


def test_rows_are_those_of_the_same_settings_whatever_an_unused_option_is_called(tmp_path):
    about = {"heads": '{"steps": 4, "lam": 0.0, "first": 0.0}', "chairs": '{"steps": 4}'}
    rows = [{"set": name, "n": n} for n, name in enumerate(("heads", "chairs", "heads"))]
    report.write("t", rows, about, tmp_path)

    def found(settings: str, kind: str = "heads") -> list[str]:
        return [row["n"] for row in report.made_with("t", "set", kind, settings, tmp_path)]

    assert found('{"steps": 4, "lam": 0.0, "blur": 0.0}') == found('{"steps": 4}') == ["0", "2"]
    assert found('{"steps": 4}', "chairs") == ["1"] and found('{"steps": 4}', "faces") == []
    for other in ('{"steps": 5}', '{"steps": 4, "lam": 1.0}', '{"steps": 4, "blur": 2.0}', "{}"):
        assert found(other) == []

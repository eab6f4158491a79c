"""The conf.py of the second lane says what _config.yml says, and what it names is there."""

from pathlib import Path

import yaml

from tools_of_ours import tool

lane = tool("sphinx_lane")
ROOT = Path(__file__).resolve().parents[2]


def written(folder: Path) -> dict:
    """conf.py as Sphinx reads it."""
    found = {}
    exec(lane.write_conf(folder).read_text(encoding="utf8"), found)
    return found


def test_conf_says_what_the_config_of_the_book_says(tmp_path):
    conf, book = (
        written(tmp_path),
        yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf8")),
    )
    assert conf["html_title"] == conf["project"] == book["title"]
    assert conf["nb_execution_mode"] == book["execute"]["execute_notebooks"]
    assert conf["nb_execution_raise_on_error"] is True
    for name, value in book["sphinx"]["config"].items():
        if name != "html_theme_options":
            assert conf[name] == value, name
    ours = {*book["sphinx"]["extra_extensions"], *book["sphinx"]["local_extensions"]}
    assert ours - {*conf["extensions"]} == {"editions"}


def test_no_page_leads_to_a_korean_one_which_this_lane_does_not_build(tmp_path):
    """Placeholders would be there instead, and name a command that writes elsewhere."""
    assert "editions" not in written(tmp_path)["extensions"]


def test_files_that_conf_names_are_found_from_any_folder(tmp_path):
    """Sphinx looks for them beside conf.py, which does not lie in the book."""
    conf = written(tmp_path / "elsewhere")
    paths = [tmp_path / "elsewhere" / p for p in conf["bibtex_bibfiles"] + conf["html_static_path"]]
    assert len(paths) >= 2 and all(path.exists() for path in paths)
    static = tmp_path / "elsewhere" / conf["html_static_path"][0]
    assert all((static / name).is_file() for name in conf["html_css_files"])

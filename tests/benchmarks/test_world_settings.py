"""The settings of each rendered set can be followed, and name what there is."""

import json

import pytest

from benchmarks.common_axes import planned
from benchmarks.world_settings import WORLDS, World, described
from infogan_lite import LatentCode, Settings
from infogan_lite.running.stored_settings import completed
from infogan_lite.worlds.catalogue import space

each_set = pytest.mark.parametrize("name", WORLDS)


@each_set
def test_factors_are_those_of_the_set(name):
    known = [factor.name for factor in space(name)]
    world = WORLDS[name]
    assert [f for f in known if f in world.factors] == sorted(world.factors, key=known.index)
    assert set(world.mirrored) <= set(world.factors)


@each_set
def test_the_last_stage_trains_with_the_settings_themselves(name):
    world = WORLDS[name]
    plan = planned(world.settings, world.stages)
    assert plan[-1] == world.settings and len(plan) == max(1, len(world.stages))
    assert all(one.lam < 1e-3 for one in plan[:-1])  # the category waits


@each_set
def test_what_is_said_of_a_set_gives_its_settings_back(name):
    table = completed(json.loads(described(WORLDS[name])))
    known = {key: table[key] for key in Settings.__dataclass_fields__}
    code = LatentCode(
        **{k: tuple(v) if isinstance(v, list) else v for k, v in known["code"].items()}
    )
    known |= {"code": code, "channels": tuple(known["channels"])}
    assert Settings(**known) == WORLDS[name].settings


def test_a_change_of_any_option_changes_what_is_said():
    world = WORLDS["heads"]
    other = {"settings": Settings(), "pictures": 1, "tests": 1, "lessons": 1}
    other |= {"stages": ((0, ()),), "blur": 1.0, "clear_from": 0.1}
    assert other.keys() | {"factors", "ink", "mirrored"} == set(World._fields)  # of the set itself
    said = [described(world._replace(**{name: value})) for name, value in other.items()]
    assert len({described(world), *said}) == len(other) + 1

"""The bar counts the steps, or is quiet."""

from infogan_lite import ProgressBar, train


def test_the_progress_bar_shows_steps_and_bounds(tiny, images, monkeypatch, capsys):
    monkeypatch.delenv("INFOGAN_QUIET", raising=False)
    bar = ProgressBar(tiny)
    _, trained = train(images, tiny, [bar], device="cpu")
    assert bar.bar.n == bar.bar.total == 5
    shown = capsys.readouterr().err
    assert "5/5" in shown and f"c1={trained.bound['c1'][-1]:.2f}" in shown


def test_the_progress_bar_is_quiet_where_it_is_asked_to_be(tiny, images, monkeypatch, capsys):
    monkeypatch.setenv("INFOGAN_QUIET", "1")
    train(images, tiny, [ProgressBar(tiny)], device="cpu")
    assert capsys.readouterr() == ("", "")

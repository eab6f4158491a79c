"""What is asked of every experiment: where its tables go."""

from benchmarks import report
from benchmarks.options import Options


def test_trials_never_replace_results(tmp_path):
    for folder in (None, report.RESULTS, report.SHOWN):
        quick = Options(quick=True, folder=folder).folder_of("claims")
        assert quick == report.RESULTS / "quick"
    assert Options(quick=True, folder=tmp_path).folder_of("claims") == tmp_path
    assert Options(folder=tmp_path).folder_of("claims") == tmp_path
    assert Options().folder_of("claims") == report.SHOWN
    assert Options().folder_of("throughput") == report.RESULTS

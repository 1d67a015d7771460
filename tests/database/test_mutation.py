"""The tests of this folder notice what is taken away: a sample of mutants, spread over their kinds. `bench/mutation.py` runs them all."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = 8


def test_a_sample_of_mutants_is_noticed():
    run = subprocess.run(
        [sys.executable, ROOT / "bench" / "mutation.py", "--sample", str(SAMPLE)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'supabase' / 'embedded'}"},
        capture_output=True,
        text=True,
    )
    assert f"{SAMPLE} of {SAMPLE} mutants noticed: kill rate 100.0%" in run.stdout, run.stdout + run.stderr
    assert run.returncode == 0

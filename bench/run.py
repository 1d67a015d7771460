"""`make bench`: every figure, printed and kept in bench/RESULTS.md with the command that made it."""

import argparse
import platform
from datetime import date
from pathlib import Path

import pages
import trends
from measure import Result

RESULTS = Path(__file__).resolve().parent / "RESULTS.md"
BENCHES = {"pages": pages.run, "trends": trends.run}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("only", nargs="*", help=f"some of: {', '.join(BENCHES)}")
    asked = parser.parse_args()
    found: dict[str, list[Result]] = {}
    for name in asked.only or BENCHES:
        found[name] = BENCHES[name]()
        for result in found[name]:
            print(result, flush=True)
    if asked.only:
        return
    lines = [
        "# Results",
        "",
        f"`make bench` on {date.today().isoformat()}, {platform.machine()}, Python {platform.python_version()}. Medians; ratios of one run.",
        "Machines are shared and noisy: a ratio says more than a time.",
    ]
    for name, results in found.items():
        lines += ["", f"## {name.capitalize()}", "", "| What | Value | Beside |", "|---|---|---|"]
        lines += [f"| {r.what} | {r.value:.2f} {r.unit} | {r.beside} |" for r in results]
    RESULTS.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

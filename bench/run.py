"""`make bench`: every figure, printed and kept in bench/RESULTS.md with the command that made it."""

import argparse

import meeting
import monitor
import results
import trends

import pages

BENCHES = {"pages": pages.run, "trends": trends.run, "monitor": monitor.run, "meeting": meeting.run}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("only", nargs="*", help=f"some of: {', '.join(BENCHES)}")
    asked = parser.parse_args()
    for name in asked.only or BENCHES:
        lines = ["| What | Value | Beside |", "|---|---|---|"]
        for result in BENCHES[name]():
            print(result, flush=True)
            lines.append(f"| {result.what} | {result.value:.3g} {result.unit} | {result.beside} |")
        results.write(name.capitalize(), f'make bench ARGS="{name}"', lines)


if __name__ == "__main__":
    main()

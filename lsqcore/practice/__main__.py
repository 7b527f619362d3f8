"""The summaries of many learners in one file: `python -m lsqcore.practice class.json students/*`."""

import sys

from lsqcore.practice.shared.summary import COURSE, Summary, summary, write


def of_learner(folder: str) -> Summary:
    """What is wrong with one learner's folder is said in the result, and stops no other."""
    try:
        return summary(folder)
    except ValueError as error:
        return Summary({}, {folder: str(error)})


if __name__ == "__main__":
    if len(sys.argv) < 3 or not sys.argv[1].endswith(".json"):
        raise SystemExit(
            "expected a file to write, and a folder for each learner: python -m lsqcore.practice class.json students/*"
        )
    learners = {folder: of_learner(folder) for folder in sys.argv[2:]}
    for folder, learner in learners.items():
        print(f"{folder}: {learner}")
    write(COURSE | dict(learners={folder: learner.content for folder, learner in learners.items()}), sys.argv[1])

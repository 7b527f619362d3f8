"""What the course measures: `python -m tests.benchmarks [table …]` remakes the numeric tables, all of them by default.

Each table is a module with a function `measure()` that returns rows for `store`. A run replaces its own tables in
`notebooks/data/benchmarks.csv` and leaves the others; `benchmarks.md` is written anew from the file.
"""

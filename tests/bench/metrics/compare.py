#!/usr/bin/python3
"""Countersign against hand-vectorised NumPy, DuckDB and scikit-learn, in one run: the same logs, the same figures, side by side.

    tests/bench/metrics/compare.py [--install] [--bench PROGRAM] [--rows N]... [--runs N] [--folder DIR] [--sklearn-rows N]

Makes logs of 10^5, 10^6 and 10^7 rows with the benchmark's own generator, computes every figure of the 750 cells (everybody; by sex,
race and age band; by their intersection; by 52 weeks and each of the three), and prints seconds, peak memory and ratios. Every
implementation runs in a process of its own; times are the best of --runs. Counts have to agree exactly, rates to 1e-12, AUC, log loss,
Brier score and calibration error to 1e-9; where they do not, the cells are listed and the exit code is 1.

NumPy here is what somebody who knows it would write: one argsort of the scores, bincount for everything else, pandas for reading.
DuckDB is SQL over a table in memory: one grouping for everything but AUC, which comes from ranks (faster there than groups of equal scores). It takes
part where its Python package can be imported or its library is found (COUNTERSIGN_DUCKDB, or where the product looks for it);
where it is not, the table says so and has no such column.
Countersign computes more in its time: 31 figures a cell with intervals, differences between groups with tests, average precision, KS.
--install asks apt for python3-numpy, python3-pandas, python3-scipy and python3-sklearn, which only this script needs.
"""

import argparse
import csv
import ctypes
import ctypes.util
import json
import os
import resource
import subprocess
import sys
import tempfile
import time

PACKAGES = ["python3-numpy", "python3-pandas", "python3-scipy", "python3-sklearn"]
ATTRIBUTES = ["sex", "race", "age_band"]
RATE_TOLERANCE = 1e-12
SCORE_TOLERANCE = 1e-9
RATES = ["accuracy", "precision", "recall", "specificity", "f1", "mcc", "balanced_accuracy", "selection_rate"]
SCORES = ["auc", "log_loss", "brier", "ece"]
STEPS = ["read", "prepare", "overall", "attributes", "intersection", "weeks", "whole"]
FIRST_MONDAY = "2025-01-06"


# ---- the worker: NumPy by hand

class Log:
    """Columns of a log as small integers and doubles."""

    def __init__(self, path):
        import numpy as np
        import pandas as pd

        start = time.perf_counter()
        frame = pd.read_csv(path, dtype={"y_true": "int8", "sex": "category", "race": "category", "age_band": "category", "region": "category"})
        self.read = time.perf_counter() - start
        start = time.perf_counter()
        self.label = frame["y_true"].to_numpy()
        self.score = frame["score"].to_numpy()
        days = frame["ts"].to_numpy().astype("U10").astype("datetime64[D]") if len(frame) < 200_000 else \
            pd.to_datetime(frame["ts"].str.slice(0, 10), format="%Y-%m-%d").to_numpy().astype("datetime64[D]")
        self.week = ((days - np.datetime64(FIRST_MONDAY)).astype("int64") // 7).astype("int16")
        self.codes = {name: frame[name].cat.codes.to_numpy().astype("int16") for name in ATTRIBUTES}
        self.names = {name: list(frame[name].cat.categories) for name in ATTRIBUTES}
        self.order = np.argsort(self.score, kind="stable")
        self.prepare = time.perf_counter() - start


def logloss_terms(label, score):
    import numpy as np
    clip = np.finfo(np.float64).eps
    p = np.clip(score, clip, 1 - clip)
    return -np.log(np.where(label == 1, p, 1 - p))


def areas(codes, cells, label, score, order):
    """Exact AUC of every cell, ties one half: a stable sort of the cells keeps the order of scores within each."""
    import numpy as np
    by_cell = order[np.argsort(codes[order], kind="stable")]
    cell, value, positive = codes[by_cell], score[by_cell], label[by_cell] == 1
    size = len(by_cell)
    begins = np.empty(size, dtype=bool)  # of runs of equal scores in one cell
    begins[0] = True
    begins[1:] = (value[1:] != value[:-1]) | (cell[1:] != cell[:-1])
    run = np.cumsum(begins) - 1
    starts = np.flatnonzero(begins)
    ends = np.append(starts[1:], size)
    first_of_cell = np.searchsorted(cell, np.arange(cells))
    rank = ((starts + ends + 1) / 2.0)[run] - first_of_cell[cell]  # average rank within the cell, from 1
    ranks = np.bincount(cell[positive], weights=rank[positive], minlength=cells)
    positives = np.bincount(cell[positive], minlength=cells)
    negatives = np.bincount(cell, minlength=cells) - positives
    with np.errstate(divide="ignore", invalid="ignore"):
        return (ranks - positives * (positives + 1) / 2.0) / (positives * negatives.astype(float))


def figures(codes, cells, log, terms, squares, bins):
    import numpy as np
    predicted = log.score >= 0.5
    kinds = np.bincount(codes.astype("int64") * 4 + predicted * 2 + log.label, minlength=cells * 4).reshape(cells, 4)
    tn, fn, fp, tp = (kinds[:, k].astype(float) for k in range(4))
    n = tn + fn + fp + tp
    gaps = np.bincount(codes.astype("int64") * 10 + bins, weights=log.label - log.score, minlength=cells * 10).reshape(cells, 10)
    with np.errstate(divide="ignore", invalid="ignore"):
        recall = tp / (tp + fn)
        specificity = tn / (tn + fp)
        result = {
            "accuracy": (tp + tn) / n, "precision": tp / (tp + fp), "recall": recall, "specificity": specificity,
            "f1": 2 * tp / (2 * tp + fp + fn), "balanced_accuracy": (recall + specificity) / 2, "selection_rate": (tp + fp) / n,
            "mcc": (tp * tn - fp * fn) / np.sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn)),
            "log_loss": np.bincount(codes, weights=terms, minlength=cells) / n,
            "brier": np.bincount(codes, weights=squares, minlength=cells) / n,
            "ece": np.abs(gaps).sum(axis=1) / n,
        }
    result["auc"] = areas(codes, cells, log.label, log.score, log.order)
    result["counts"] = np.stack([tp, fp, fn, tn], axis=1)
    return result


def families(log):
    """Steps and, for each, its families: which attributes, by week or not."""
    single = [((name,), False) for name in ATTRIBUTES]
    return [("overall", [((), False)]), ("attributes", single), ("intersection", [(tuple(ATTRIBUTES), False)]),
            ("weeks", [(names, True) for names, _ in single])]


def codes_of(log, names, by_week):
    import numpy as np
    codes = log.week.astype("int16") if by_week else np.zeros(len(log.label), dtype="int16")
    size = int(log.week.max()) + 1 if by_week else 1
    for name in names:
        codes = codes * np.int16(len(log.names[name])) + log.codes[name]
        size *= len(log.names[name])
    return codes, size


def cell_names(log, names, by_week, size):
    import numpy as np
    for cell in range(size):
        rest, group = cell, {}
        for name in reversed(names):
            rest, code = divmod(rest, len(log.names[name]))
            group[name] = log.names[name][code]
        window = str(np.datetime64(FIRST_MONDAY) + 7 * rest) if by_week else ""
        yield window, group


def numpy_worker(path, values_path):
    begin = time.perf_counter()
    log = Log(path)
    times = {"read": log.read, "prepare": log.prepare}
    start = time.perf_counter()
    terms, squares = logloss_terms(log.label, log.score), (log.score - log.label) ** 2
    import numpy as np
    bins = np.minimum((log.score * 10).astype("int64"), 9)
    times["prepare"] += time.perf_counter() - start
    cells = []
    for step, members in families(log):
        start = time.perf_counter()
        computed = []
        for names, by_week in members:
            codes, size = codes_of(log, names, by_week)
            computed.append((names, by_week, size, figures(codes, size, log, terms, squares, bins)))
        times[step] = time.perf_counter() - start
        for names, by_week, size, result in computed:
            for cell, (window, group) in enumerate(cell_names(log, names, by_week, size)):
                values = {key: float(column[cell]) for key, column in result.items() if key != "counts"}
                cells.append({"window": window, "group": group, "counts": [float(c) for c in result["counts"][cell]], "metrics": values})
    times["whole"] = sum(times[step] for step in STEPS if step in times)
    finish(times, cells, values_path, begin)


# ---- the worker: DuckDB, in SQL

def duckdb_library():
    """Where the library is, looked for as models/duckdb does: named, the system's, one's own, the machine's. None where it is nowhere."""
    folders = [os.path.expanduser("~/.local/lib/countersign"), "/usr/local/lib/countersign"]
    own = [path for path in (os.path.join(folder, "libduckdb.so") for folder in folders) if os.path.exists(path)]
    return os.environ.get("COUNTERSIGN_DUCKDB") or ctypes.util.find_library("duckdb") or (own[0] if own else None)


class PackagedDuckdb:
    """The Python package."""

    def __init__(self):
        import duckdb
        self.connection = duckdb.connect()
        self.name = "Python package " + duckdb.__version__

    def execute(self, sql):
        self.connection.execute(sql)


class LoadedDuckdb:
    """The C library. Statements only: results go to CSV files, which spares us its result types."""

    class Outcome(ctypes.Structure):  # duckdb_result of duckdb.h
        _fields_ = [("counts", ctypes.c_uint64 * 3), ("columns", ctypes.c_void_p), ("message", ctypes.c_char_p), ("internal", ctypes.c_void_p)]

    def __init__(self, path):
        self.library = ctypes.CDLL(path)
        self.library.duckdb_library_version.restype = ctypes.c_char_p
        self.library.duckdb_result_error.restype = ctypes.c_char_p
        self.name = "library " + self.library.duckdb_library_version().decode()
        self.database, self.connection = ctypes.c_void_p(), ctypes.c_void_p()
        if self.library.duckdb_open(None, ctypes.byref(self.database)) or self.library.duckdb_connect(self.database, ctypes.byref(self.connection)):
            raise OSError("DuckDB opens no database in memory")

    def execute(self, sql):
        outcome = self.Outcome()
        failed = self.library.duckdb_query(self.connection, sql.encode(), ctypes.byref(outcome))
        message = self.library.duckdb_result_error(ctypes.byref(outcome)) if failed else None
        self.library.duckdb_destroy_result(ctypes.byref(outcome))
        if failed:
            raise OSError((message or b"DuckDB gives no reason").decode())


def open_duckdb():
    """DuckDB or None, and what to say of it."""
    try:
        return PackagedDuckdb(), None
    except ImportError:
        path = duckdb_library()
    if not path:
        return None, "neither its Python package nor its library is here"
    try:
        return LoadedDuckdb(path), None
    except (OSError, AttributeError) as problem:
        return None, str(problem)


DUCKDB_READ = """CREATE TABLE log AS SELECT date_trunc('week', ts::TIMESTAMP)::DATE AS week, y_true::TINYINT AS y, score, sex, race, age_band
FROM read_csv('{path}', header = true, columns = {{'ts': 'VARCHAR', 'y_true': 'INTEGER', 'score': 'DOUBLE', 'sex': 'VARCHAR', 'race': 'VARCHAR',
'age_band': 'VARCHAR', 'region': 'VARCHAR'}})"""

DUCKDB_FIGURES = """COPY (
WITH bins AS (
  SELECT {keys}, least(floor(score * 10), 9) AS bin, count(*) FILTER (score >= 0.5 AND y = 1) AS tp, count(*) FILTER (score >= 0.5 AND y = 0) AS fp,
    count(*) FILTER (score < 0.5 AND y = 1) AS fn, count(*) FILTER (score < 0.5 AND y = 0) AS tn,
    sum(-ln(greatest(least(CASE WHEN y = 1 THEN score ELSE 1 - score END, 1 - 2.220446049250313e-16), 2.220446049250313e-16))) AS loss,
    sum((score - y) * (score - y)) AS square, sum(y - score) AS gap
  FROM {table} GROUP BY {keys}, bin),
cells AS (
  SELECT {keys}, sum(tp) AS tp, sum(fp) AS fp, sum(fn) AS fn, sum(tn) AS tn, sum(tp + fp + fn + tn) AS n,
    sum(loss) / sum(tp + fp + fn + tn) AS log_loss, sum(square) / sum(tp + fp + fn + tn) AS brier, sum(abs(gap)) / sum(tp + fp + fn + tn) AS ece
  FROM bins GROUP BY {keys}),
ranks AS (
  SELECT {keys}, y, rank() OVER (PARTITION BY {keys} ORDER BY score) AS first,
    count(*) OVER (PARTITION BY {keys} ORDER BY score RANGE BETWEEN CURRENT ROW AND CURRENT ROW) AS ties FROM {table}),
positives AS (
  SELECT {keys}, sum(first + (ties - 1) / 2) FILTER (y = 1) AS ranks, (count(*) FILTER (y = 1))::DOUBLE AS p, (count(*) FILTER (y = 0))::DOUBLE AS q
  FROM ranks GROUP BY {keys}),
areas AS (SELECT {keys}, (ranks - p * (p + 1) / 2) / nullif(p * q, 0) AS auc FROM positives)
SELECT {keys}, tp, fp, fn, tn, (tp + tn) / n AS accuracy, tp / nullif(tp + fp, 0) AS precision, tp / nullif(tp + fn, 0) AS recall,
  tn / nullif(tn + fp, 0) AS specificity, 2 * tp / nullif(2 * tp + fp + fn, 0) AS f1,
  (tp / nullif(tp + fn, 0) + tn / nullif(tn + fp, 0)) / 2 AS balanced_accuracy, (tp + fp) / n AS selection_rate,
  (tp::DOUBLE * tn::DOUBLE - fp::DOUBLE * fn::DOUBLE)
    / nullif(sqrt((tp + fp)::DOUBLE * (tp + fn)::DOUBLE * (tn + fp)::DOUBLE * (tn + fn)::DOUBLE), 0) AS mcc, log_loss, brier, ece, auc
FROM cells JOIN areas USING ({keys})) TO '{to}' (FORMAT csv, HEADER true)"""


def duckdb_worker(path, values_path):
    begin = time.perf_counter()
    database, problem = open_duckdb()
    if database is None:
        sys.exit(problem)
    database.execute("SET threads = " + str(os.cpu_count()))
    start = time.perf_counter()
    database.execute(DUCKDB_READ.format(path=path.replace("'", "''")))
    times = {"read": time.perf_counter() - start}
    start = time.perf_counter()
    for name in ATTRIBUTES:  # texts as small integers: half the time for groups
        database.execute(f"CREATE TYPE {name}_values AS ENUM (SELECT DISTINCT {name} FROM log WHERE {name} IS NOT NULL ORDER BY 1)")
        database.execute(f"ALTER TABLE log ALTER {name} TYPE {name}_values")
    database.execute("CREATE VIEW everybody_log AS SELECT 0 AS everybody, y, score FROM log")
    times["prepare"] = time.perf_counter() - start
    steps = [(step, [(names, by_week, os.path.join(os.path.dirname(values_path), f"duckdb-{step}-{at}.csv")) for at, (names, by_week) in enumerate(members)])
             for step, members in families(None)]
    for step, members in steps:
        start = time.perf_counter()
        for names, by_week, to in members:
            keys, table = ", ".join((["week"] if by_week else []) + list(names)), "log"
            if not keys:  # everybody is a group as others are
                keys, table = "everybody", "everybody_log"
            database.execute(DUCKDB_FIGURES.format(keys=keys, table=table, to=to.replace("'", "''")))
        times[step] = time.perf_counter() - start
    times["whole"] = sum(times[step] for step in STEPS if step in times)
    cells = []
    for _, members in steps:
        for names, by_week, to in members:
            with open(to, encoding="utf-8", newline="") as file:
                for row in csv.DictReader(file):
                    cells.append({"window": row["week"] if by_week else "", "group": {name: row[name] for name in names},
                                  "counts": [float(row[name]) for name in ("tp", "fp", "fn", "tn")],
                                  "metrics": {name: float(row[name] or "nan") for name in RATES + SCORES}})
            os.remove(to)
    finish(times, cells, values_path, begin)


# ---- the worker: scikit-learn, a call a figure and cell

def sklearn_worker(path, values_path):
    import warnings
    begin = time.perf_counter()
    log = Log(path)
    import numpy as np
    from sklearn import metrics
    warnings.filterwarnings("ignore")
    times = {"read": log.read, "prepare": log.prepare}

    def figures_of(rows):
        label, score = log.label[rows], log.score[rows]
        if len(label) == 0:
            return None
        predicted = (score >= 0.5).astype("int8")
        tn, fp, fn, tp = metrics.confusion_matrix(label, predicted, labels=[0, 1]).ravel()
        both = tp + fn > 0 and tn + fp > 0
        values = {"accuracy": metrics.accuracy_score(label, predicted), "precision": metrics.precision_score(label, predicted),
                  "recall": metrics.recall_score(label, predicted), "f1": metrics.f1_score(label, predicted),
                  "mcc": metrics.matthews_corrcoef(label, predicted), "balanced_accuracy": metrics.balanced_accuracy_score(label, predicted),
                  "log_loss": metrics.log_loss(label, score, labels=[0, 1]), "brier": metrics.brier_score_loss(label, score),
                  "auc": metrics.roc_auc_score(label, score) if both else float("nan"),
                  "average_precision": metrics.average_precision_score(label, score)}
        return {"counts": [float(c) for c in (tp, fp, fn, tn)], "metrics": values}

    cells = []
    for step, members in families(log):
        start = time.perf_counter()
        found = []
        for names, by_week in members:
            codes, size = codes_of(log, names, by_week)
            order = np.argsort(codes, kind="stable")
            bounds = np.searchsorted(codes[order], np.arange(size + 1))
            found.append((names, by_week, size, [figures_of(order[bounds[c]:bounds[c + 1]]) for c in range(size)]))
        times[step] = time.perf_counter() - start
        for names, by_week, size, results in found:
            for result, (window, group) in zip(results, cell_names(log, names, by_week, size)):
                if result:
                    cells.append({"window": window, "group": group, **result})
    times["whole"] = sum(times[step] for step in STEPS if step in times)
    finish(times, cells, values_path, begin)


def finish(times, cells, values_path, begin):
    times["wall"] = time.perf_counter() - begin
    times["peak_mib"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    with open(values_path, "w", encoding="utf-8") as file:
        json.dump({"times": times, "cells": cells}, file)


def run_worker(kind, path, runs, folder):
    best = None
    for _ in range(runs):
        values = os.path.join(folder, kind + ".json")
        subprocess.run([sys.executable, os.path.abspath(__file__), "--worker", kind, path, values], check=True)
        with open(values, encoding="utf-8") as file:
            result = json.load(file)
        if best is None:
            best = result
        for key, value in result["times"].items():
            best["times"][key] = min(best["times"][key], value)
    return best


# ---- Countersign

def run_countersign(bench, rows, runs, folder):
    times_path, values_path = os.path.join(folder, "times.json"), os.path.join(folder, "values.json")
    subprocess.run([bench, "--rows", str(rows), "--runs", str(runs), "--folder", folder, "--json", times_path, "--values", values_path, "--skip", "drift"],
                   check=True, stdout=subprocess.DEVNULL)
    with open(times_path, encoding="utf-8") as file:
        measured = json.load(file)[0]
    with open(values_path, encoding="utf-8") as file:
        computed = json.load(file)
    times = {"read": measured["read"], "prepare": measured["table"], "overall": measured["overall"], "attributes": measured["attributes"],
             "intersection": measured["intersection"], "weeks": measured["weeks"], "whole": measured["whole"], "peak_mib": measured["peak_mib"]}
    cells = [{"window": cell["window"]["name"] if cell["window"] else "", "group": cell["group"],
              "counts": [cell["counts"][k] for k in ("tp", "fp", "fn", "tn")],
              "metrics": {name: figure["value"] for name, figure in cell["metrics"].items()}} for cell in computed["cells"]]
    return {"times": times, "cells": cells, "log": measured["log"], "measured": measured}


def key_of(cell):
    return cell["window"], tuple(sorted(cell["group"].items()))


def differences(own, other, tolerances):
    """Figures of the other implementation that are not the same; how many were compared and the largest relative difference."""
    known = {key_of(cell): cell for cell in own}
    wrong, compared, largest = [], 0, 0.0
    for cell in other:
        mine = known.get(key_of(cell))
        if mine is None:
            if sum(cell["counts"]):
                wrong.append((key_of(cell), "cell", None, None))
            continue
        if mine["counts"] != cell["counts"]:
            wrong.append((key_of(cell), "counts", mine["counts"], cell["counts"]))
        for name, value in cell["metrics"].items():
            ours = mine["metrics"].get(name)
            if name not in tolerances or ours is None or value != value:
                continue
            compared += 1
            apart = abs(ours - value) / max(abs(ours), abs(value), 1e-300) if ours != value else 0.0
            largest = max(largest, apart)
            if apart > tolerances[name] and abs(ours - value) > 1e-15:
                wrong.append((key_of(cell), name, ours, value))
    return wrong, compared, largest


# ---- the table

def print_table(rows, results):
    names = list(results)
    print(f"\n{rows:,} rows" + " " * 12 + "".join(f"{name:>16}" for name in names) + "".join(f"{name + ' / own':>22}" for name in names[1:]))
    labels = {"read": "read", "prepare": "sort and sums", "overall": "overall", "attributes": "three attributes", "intersection": "intersection",
              "weeks": "52 weeks x groups", "whole": "file to all figures"}
    for step in STEPS:
        own = results[names[0]]["times"][step]
        line = f"  {labels[step]:<22}" + "".join(f"{results[name]['times'][step]:>14.3f} s" for name in names)
        print(line + "".join(f"{results[name]['times'][step] / own:>20.1f} x" for name in names[1:]))
    line = f"  {'peak memory':<22}" + "".join(f"{results[name]['times']['peak_mib']:>12.0f} MiB" for name in names)
    print(line + "".join(f"{results[name]['times']['peak_mib'] / results[names[0]]['times']['peak_mib']:>20.1f} x" for name in names[1:]))
    measured = results[names[0]]["measured"]
    print(f"  Countersign alone: 1,000 redraws for every disparity {measured['draws']:.3f} s; threshold moved {measured['moved'] * 1000:.1f} ms, "
          f"ten weeks brushed {measured['brush'] * 1000:.1f} ms, 51 weeks {measured['brush_all'] * 1000:.1f} ms "
          f"(prepared once in {measured['prepare']:.2f} s)", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    here = os.path.dirname(os.path.abspath(__file__))
    parser.add_argument("--install", action="store_true", help="apt-get install " + " ".join(PACKAGES))
    parser.add_argument("--bench", default=os.path.join(here, "../../../build/release/tests/countersign-bench-metrics"))
    parser.add_argument("--rows", type=int, action="append")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--folder", default=os.path.join(tempfile.gettempdir(), "countersign-bench"))
    parser.add_argument("--sklearn-rows", type=int, default=1_000_000, help="scikit-learn takes part up to so many rows")
    parser.add_argument("--worker", nargs=3, metavar=("KIND", "LOG", "FILE"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.worker:
        kind, path, values = arguments.worker
        return {"numpy": numpy_worker, "duckdb": duckdb_worker, "sklearn": sklearn_worker}[kind](path, values)
    if arguments.install:
        subprocess.run(([] if os.geteuid() == 0 else ["sudo"]) + ["apt-get", "install", "--yes", "--no-install-recommends"] + PACKAGES, check=True)
    if not os.access(arguments.bench, os.X_OK):
        sys.exit(f"{arguments.bench} is not there. Build it: cmake --build build/release --target countersign-bench-metrics")
    os.makedirs(arguments.folder, exist_ok=True)
    database, problem = open_duckdb()
    print("DuckDB: " + (database.name if database else f"takes no part, {problem}"), flush=True)
    isEqual = True
    for rows in arguments.rows or [100_000, 1_000_000, 10_000_000]:
        own = run_countersign(arguments.bench, rows, arguments.runs, arguments.folder)
        results = {"Countersign": own, "NumPy": run_worker("numpy", own["log"], arguments.runs, arguments.folder)}
        if database:
            results["DuckDB"] = run_worker("duckdb", own["log"], arguments.runs, arguments.folder)
        if rows <= arguments.sklearn_rows:
            results["scikit-learn"] = run_worker("sklearn", own["log"], 1, arguments.folder)
        print_table(rows, results)
        tolerances = {**{name: RATE_TOLERANCE for name in RATES}, **{name: SCORE_TOLERANCE for name in SCORES}, "average_precision": SCORE_TOLERANCE}
        for name in list(results)[1:]:
            wrong, compared, largest = differences(own["cells"], results[name]["cells"], tolerances)
            print(f"  against {name}: {compared:,} figures of {len(results[name]['cells'])} cells compared, counts equal, largest relative difference {largest:.1e}"
                  if not wrong else f"  against {name}: {len(wrong)} of {compared:,} figures DIFFER", flush=True)
            for key, metric, ours, theirs in wrong[:5]:
                print(f"    {key} {metric}: {ours} here, {theirs} there")
            isEqual = isEqual and not wrong
    return 0 if isEqual else 1


if __name__ == "__main__":
    sys.exit(main())

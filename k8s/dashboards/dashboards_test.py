"""Holds the dashboards to what is served: metrics, labels, and expressions that are any."""

import json
import pathlib
import re
import subprocess
import tempfile
import unittest

from k8s.dashboards import promql
from k8s.dashboards.write_dashboards import DASHBOARDS

_LISTS = ("memcached_exporter_metrics.txt", "ringcache_metrics.txt")
# What Prometheus adds to each series.
_TARGET = {"job", "instance"}
_OF_HISTOGRAM = {"_bucket": {"le"}, "_sum": set(), "_count": set()}


def read_lists():
    """The labels of each metric that is served, by its name."""
    metrics = {}
    for name in _LISTS:
        path = pathlib.Path("admin/metrics/testdata", name)
        for line in path.read_text(encoding="utf-8").splitlines():
            if not line or line[0] in "#!":
                continue
            metric, kind, labels = line.split()[:3]
            labels = set(labels.split(",")) - {"-"}
            if kind == "histogram":
                for suffix, added in _OF_HISTOGRAM.items():
                    metrics[metric + suffix] = labels | added
            else:
                metrics[metric] = labels
    return metrics


def problems_of(expression, legend, metrics):
    """What an expression or its legend names that is not there."""
    named = promql.read(expression)
    if not named.selectors:
        yield "names no metric"
    known = set(_TARGET)
    for metric, labels in named.selectors:
        if metric not in metrics:
            yield f"there is no metric {metric}"
            continue
        known |= metrics[metric]
        for label in sorted(labels - metrics[metric] - _TARGET):
            yield f"{metric} has no label {label}"
    for label in sorted(named.grouping - known):
        yield f"groups by {label}, which no metric of it has"
    # What is grouped away cannot be shown.
    shown = named.grouping if re.search(r"\bby \(", expression) else known
    for label in re.findall(r"\{\{(\w+)\}\}", legend):
        if label not in shown:
            yield f"the legend shows {label}, which is not there"


def expressions(dashboard):
    """(where, expression, legend) of each query, also of variables."""
    for panel in dashboard["panels"]:
        for target in panel.get("targets", []):
            yield panel["title"], target["expr"], target["legendFormat"]
    for variable in dashboard["templating"]["list"]:
        if variable["type"] == "query":
            selector, label = re.fullmatch(
                r"label_values\((.*), (\w+)\)", variable["query"]["query"]
            ).groups()
            yield f"variable {variable['name']}", f"count by ({label}) ({selector})", ""


def filled_in(expression):
    """As Grafana sends it."""
    expression = expression.replace("$__rate_interval", "5m")
    return re.sub(r"\$\w+", ".*", expression)


class ProblemsTest(unittest.TestCase):
    METRICS = {"a_total": {"pool"}, "b": set(), "h_bucket": {"le", "command"}}

    def right(self, expression, legend=""):
        self.assertEqual(list(problems_of(expression, legend, self.METRICS)), [])

    def wrong(self, expression, legend=""):
        self.assertEqual(len(list(problems_of(expression, legend, self.METRICS))), 1)

    def test_names(self):
        self.right('sum(rate(a_total{job="x"}[5m])) / sum(b) or vector(0)')
        self.right("b > bool 1 and b unless b offset 5m")
        self.wrong("sum(rate(c_total[5m]))")
        self.wrong('sum(b) / sum(c{job="b"})')
        self.wrong("vector(1)")

    def test_labels(self):
        self.right('a_total{pool=~"$pool", instance="b"}')
        self.wrong('b{pool="c"}')
        self.wrong('a_total{member="a_total"}')

    def test_grouping(self):
        self.right("histogram_quantile(0.9, sum by (command, le) (rate(h_bucket[5m])))")
        self.right("sum by (pool, job) (a_total) * on (pool) group_left (job) a_total")
        self.wrong("sum by (member) (a_total)")

    def test_legends(self):
        self.right("sum by (pool) (a_total)", "{{pool}} all")
        self.right("a_total", "{{pool}} {{instance}}")
        self.wrong("sum by (pool) (a_total)", "{{instance}}")
        self.wrong("b", "{{pool}}")


class DashboardsTest(unittest.TestCase):
    def setUp(self):
        folder = pathlib.Path("k8s/dashboards")
        self.texts = {name: (folder / name).read_text(encoding="utf-8") for name in DASHBOARDS}
        self.dashboards = {name: json.loads(text) for name, text in self.texts.items()}

    def test_are_what_is_written_from_the_tables(self):
        for name, text in DASHBOARDS.items():
            self.assertEqual(
                self.texts[name],
                text(),
                f"{name} is old: tools/bazel run //k8s/dashboards:write_dashboards",
            )

    def test_name_only_metrics_and_labels_that_are_served(self):
        metrics = read_lists()
        self.assertIn("memcached_up", metrics)
        for name, dashboard in self.dashboards.items():
            for where, expression, legend in expressions(dashboard):
                with self.subTest(dashboard=name, panel=where, expression=expression):
                    self.assertEqual(list(problems_of(expression, legend, metrics)), [])

    def test_prometheus_understands_each_expression(self):
        rules = [
            {"expr": filled_in(expression)}
            for dashboard in self.dashboards.values()
            for _, expression, _ in expressions(dashboard)
        ]
        for number, rule in enumerate(rules):
            rule["record"] = f"dashboards:query{number}"
        # Rules are YAML, of which JSON is a part.
        with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
            json.dump({"groups": [{"name": "dashboards", "rules": rules}]}, file)
            file.flush()
            checked = subprocess.run(
                ["/usr/bin/promtool", "check", "rules", file.name],
                check=False,
                capture_output=True,
                text=True,
            )
        self.assertIn(f"SUCCESS: {len(rules)} rules found", checked.stdout, checked.stderr)

    def test_each_selector_follows_the_choices(self):
        for dashboard in self.dashboards.values():
            for where, expression, _ in expressions(dashboard):
                if where.startswith("variable"):
                    continue
                for metric, labels in promql.read(expression).selectors:
                    self.assertLessEqual({"job", "instance"}, labels, f"{where}: {metric}")

    def test_variables_that_are_used_are_there(self):
        for name, dashboard in self.dashboards.items():
            there = {variable["name"] for variable in dashboard["templating"]["list"]}
            used = set(re.findall(r"\$\{?([a-z]\w*)", self.texts[name]))
            self.assertEqual(used, there, name)

    def test_panels_lie_beside_each_other(self):
        for dashboard in self.dashboards.values():
            taken, numbers = set(), set()
            for panel in dashboard["panels"]:
                place = panel["gridPos"]
                self.assertLessEqual(place["x"] + place["w"], 24, panel["title"])
                for x in range(place["x"], place["x"] + place["w"]):
                    for y in range(place["y"], place["y"] + place["h"]):
                        self.assertNotIn((x, y), taken, panel["title"])
                        taken.add((x, y))
                numbers.add(panel["id"])
            self.assertEqual(len(numbers), len(dashboard["panels"]))


if __name__ == "__main__":
    unittest.main()

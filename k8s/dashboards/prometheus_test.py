"""Asks a real Prometheus what each panel shows of a program that has every metric."""

import json
import pathlib
import re
import subprocess
import tempfile
import time
import unittest
import urllib.parse
import urllib.request

from k8s.dashboards.write_dashboards import DASHBOARDS

_SERVER = "admin/metrics/full_metrics_server"
_PATIENCE_S = 120
# A rate needs two scrapes.
_SCRAPE_INTERVAL = "500ms"
_CONFIGURATION = """
global: {scrape_interval: %s}
scrape_configs:
- job_name: cache
  static_configs: [{targets: ['127.0.0.1:%s']}]
"""


def filled_in(expression):
    """As Grafana sends it when all is chosen."""
    return re.sub(r"\$\w+", ".*", expression.replace("$__rate_interval", "30s"))


class Prometheus:
    """Scrapes the program as long as a `with` lasts."""

    def __init__(self):
        self._folder = tempfile.TemporaryDirectory()
        self._processes = []
        self._address = None

    def __enter__(self):
        server = self._start([_SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        folder = pathlib.Path(self._folder.name)
        configuration = folder / "prometheus.yml"
        port = server.stdout.readline().strip()
        configuration.write_text(_CONFIGURATION % (_SCRAPE_INTERVAL, port), encoding="utf-8")
        own = self._start(
            [
                "/usr/bin/prometheus",
                f"--config.file={configuration}",
                f"--storage.tsdb.path={folder}/data",
                "--web.listen-address=127.0.0.1:0",
            ],
            stderr=subprocess.PIPE,
        )
        for line in own.stderr:
            listening = re.search(r'msg="Listening on" address=127.0.0.1:(\d+)', line)
            if listening:
                self._address = f"http://127.0.0.1:{listening.group(1)}/api/v1/query?query="
            if "Server is ready" in line:
                return self
        raise RuntimeError("Prometheus ended")

    def __exit__(self, *_):
        for process in self._processes:
            process.kill()
            process.communicate()
        self._folder.cleanup()

    def _start(self, command, **pipes):
        process = subprocess.Popen(command, text=True, **pipes)
        self._processes.append(process)
        return process

    def ask(self, expression):
        """The series that the expression has now."""
        with urllib.request.urlopen(self._address + urllib.parse.quote(expression)) as reply:
            return json.load(reply)["data"]["result"]

    def wait_for(self, expression):
        end = time.monotonic() + _PATIENCE_S
        while not self.ask(expression):
            if time.monotonic() > end:
                raise RuntimeError(f"nothing comes of {expression}")
            time.sleep(0.1)


class PrometheusTest(unittest.TestCase):
    def test_each_panel_shows_something(self):
        with Prometheus() as prometheus:
            prometheus.wait_for('up{job="cache"} == 1')
            prometheus.wait_for("rate(process_cpu_seconds_total[30s])")
            self.assertEqual(prometheus.ask("no_such_metric"), [])
            for name, text in DASHBOARDS.items():
                for panel in json.loads(text())["panels"]:
                    for target in panel.get("targets", []):
                        # What is an alarm has no series while all is well.
                        if "==" in target["expr"]:
                            continue
                        with self.subTest(dashboard=name, panel=panel["title"]):
                            self.assertTrue(prometheus.ask(filled_in(target["expr"])))


if __name__ == "__main__":
    unittest.main()

"""Writes the dashboards into this folder: tools/bazel run //k8s/dashboards:write_dashboards."""

import pathlib

from k8s.dashboards import routers, servers

DASHBOARDS = {"servers.json": servers.text, "routers.json": routers.text}


def main():
    folder = pathlib.Path(__file__).resolve().parent
    for name, text in DASHBOARDS.items():
        (folder / name).write_text(text(), encoding="utf-8")


if __name__ == "__main__":
    main()

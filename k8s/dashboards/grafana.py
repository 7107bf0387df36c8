"""Grafana's form of a dashboard: panels are laid out from left to right, row by row.

Knows nothing of what the dashboards are about. Written for schema 36, that of Grafana 9, which
later ones read.
"""

import json

_SCHEMA = 36
_COLUMNS = 24
_DATASOURCE = {"type": "prometheus", "uid": "${datasource}"}


def query(expression, legend="", table=False):
    """One expression of a panel. `legend` may name labels: "{{instance}}"."""
    target = {"datasource": _DATASOURCE, "expr": expression, "legendFormat": legend or "__auto"}
    if table:
        target.update({"format": "table", "instant": True})
    return target


def _panel(kind, title, targets, width, height, unit, **more):
    defaults = {"unit": unit, **more.pop("defaults", {})}
    return {
        "type": kind,
        "title": title,
        "datasource": _DATASOURCE,
        "gridPos": {"w": width, "h": height},
        "fieldConfig": {"defaults": defaults, "overrides": []},
        "targets": [
            {"refId": chr(ord("A") + index), **target} for index, target in enumerate(targets)
        ],
        **more,
    }


def lines(title, targets, unit="short", width=8, stacked=False, about=""):
    """Figures over time."""
    drawing = {"fillOpacity": 10, "showPoints": "never"}
    if stacked:
        drawing.update({"fillOpacity": 30, "stacking": {"mode": "normal", "group": "A"}})
    return _panel(
        "timeseries",
        title,
        targets,
        width,
        8,
        unit,
        description=about,
        defaults={"min": 0, "custom": drawing},
        options={
            "legend": {"displayMode": "list", "placement": "bottom"},
            "tooltip": {"mode": "multi", "sort": "desc"},
        },
    )


def figure(title, expression, unit="short", width=4, bad_from=None, bad_below=None, about=""):
    """One figure as it is now, red from `bad_from` on, or below `bad_below`."""
    steps = [{"color": "green", "value": None}]
    if bad_from is not None:
        steps.append({"color": "red", "value": bad_from})
    if bad_below is not None:
        steps = [{"color": "red", "value": None}, {"color": "green", "value": bad_below}]
    return _panel(
        "stat",
        title,
        [query(expression)],
        width,
        4,
        unit,
        description=about,
        defaults={"thresholds": {"mode": "absolute", "steps": steps}},
        options={"reduceOptions": {"calcs": ["lastNotNull"]}, "graphMode": "area"},
    )


def bars(title, targets, unit="percentunit", width=12, about=""):
    """A bar for each series, as it is now."""
    return _panel(
        "bargauge",
        title,
        targets,
        width,
        8,
        unit,
        description=about,
        defaults={"min": 0},
        options={
            "displayMode": "basic",
            "orientation": "horizontal",
            "reduceOptions": {"calcs": ["lastNotNull"]},
        },
    )


def table(title, expression, columns, width=12, about=""):
    """A line for each series with its labels `columns`, which are titles by label."""
    hidden = {name: True for name in ("Time", "Value", "__name__")}
    return _panel(
        "table",
        title,
        [query(expression, table=True)],
        width,
        8,
        "short",
        description=about,
        transformations=[
            {"id": "organize", "options": {"excludeByName": hidden, "renameByName": columns}}
        ],
    )


def choice(name, label, labels_of, label_name):
    """A variable whose values are those of a label, each of them, some or all."""
    return {
        "name": name,
        "label": label,
        "type": "query",
        "datasource": _DATASOURCE,
        "query": {"query": f"label_values({labels_of}, {label_name})", "refId": name},
        "definition": f"label_values({labels_of}, {label_name})",
        "multi": True,
        "includeAll": True,
        "current": {"text": "All", "value": "$__all"},
        "refresh": 2,
        "sort": 1,
    }


def _choice_of_datasource():
    return {
        "name": "datasource",
        "label": "Data source",
        "type": "datasource",
        "query": "prometheus",
        "current": {},
        "refresh": 1,
    }


def _laid_out(rows):
    """Panels with their places; a new line begins where one does not fit."""
    panels, top = [], 0
    for title, members in rows:
        panels.append({"type": "row", "title": title, "collapsed": False, "panels": []})
        panels[-1]["gridPos"] = {"x": 0, "y": top, "w": _COLUMNS, "h": 1}
        top, left, tallest = top + 1, 0, 0
        for member in members:
            place = dict(member["gridPos"])
            if left + place["w"] > _COLUMNS:
                top, left, tallest = top + tallest, 0, 0
            panels.append({**member, "gridPos": {"x": left, "y": top, **place}})
            left, tallest = left + place["w"], max(tallest, place["h"])
        top += tallest
    for number, panel in enumerate(panels, 1):
        panel["id"] = number
    return panels


def dashboard(uid, title, about, choices, rows):
    """The text of a dashboard. `rows` are pairs of a title and panels."""
    content = {
        "uid": uid,
        "title": title,
        "description": about,
        "tags": ["ringcache"],
        "schemaVersion": _SCHEMA,
        "editable": True,
        "time": {"from": "now-1h", "to": "now"},
        "refresh": "30s",
        "templating": {"list": [_choice_of_datasource(), *choices]},
        "panels": _laid_out(rows),
    }
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"

"""Tests with other projects' clients that run a second time, against a router."""

def routed_test(name, data = [], deps = [], **kwargs):
    """The test of the same file with a router and three servers in the place of its server.

    Args:
      name: "routed_" and the name of the test.
      data: as the test's; the router is added.
      deps: as the test's.
      **kwargs: passed to py_test.
    """
    if not name.startswith("routed_"):
        fail("routed_test: name '%s' must begin with routed_" % name)
    main = name[len("routed_"):] + ".py"
    native.py_test(
        name = name,
        size = "small",
        srcs = [main],
        data = data + ["//router"],
        env = {"CLIENTS_ROUTER": "router/router"},
        main = main,
        deps = deps,
        **kwargs
    )

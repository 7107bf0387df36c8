"""Tests of the admin interface of one program or another."""

_CONTRACTS = [
    "//admin/proto:admin_proto",
    "//third_party/grpc:health_proto",
    "//third_party/grpc:reflection_proto",
]

_PROGRAMS = {
    "fake": ["//tools/admin:fake_admin"],
    "router": [
        "//router",
        "//server",
    ],
    "server": ["//server"],
    "sidecar": [
        "//admin:sidecar",
        "//server",
    ],
}

def admin_test(name, program, deps, main = None):
    """A test in Python that starts a program with an admin interface and calls it.

    Args:
      name: of the test; the file of that name is run.
      program: "fake", "server", "router" or "sidecar": what admin_process.py starts.
      deps: of the test.
      main: the file, if another test has its name.
    """
    main = main or name + ".py"
    native.py_test(
        name = name,
        size = "small",
        srcs = [main],
        data = _CONTRACTS + _PROGRAMS[program],
        env = {
            "ADMIN_CONTRACTS": " ".join(["$(location %s)" % label for label in _CONTRACTS]),
            "ADMIN_PROGRAM": program,
        },
        main = main,
        tags = ["real_client"],
        deps = deps,
    )

"""Maps a Debian -dev package to cc_library targets, one for each pkg-config module.

Headers stay in /usr/include, which the compiler searches anyway: naming it again with -isystem
would break `#include_next` in libstdc++. A folder below it that pkg-config names, such as
/usr/include/jsoncpp, is linked into the repository. A repository is fetched only when a target that
needs it is built, so a missing package stops that build alone, and says which package it is.
"""

_STANDARD_INCLUDES = ["/usr/include"]

def _pkg_config(rctx, tool, module, what):
    result = rctx.execute([tool, what, module])
    if result.return_code != 0:
        _missing(rctx, "pkg-config does not know '%s': %s" % (module, result.stderr.strip()))
    return [flag for flag in result.stdout.strip().split(" ") if flag]

def _missing(rctx, why):
    fail(("\n\nThe Debian package '{package}' is needed and missing ({why}).\n" +
          "Install it with:\n\n    apt-get install {package}\n").format(
        package = rctx.attr.package,
        why = why,
    ))

def _debian_library_impl(rctx):
    tool = rctx.which("pkg-config")
    if not tool:
        fail("\n\npkg-config is missing. Install it with:\n\n    apt-get install pkg-config\n")
    build = ["package(default_visibility = [\"@//third_party:__subpackages__\"])"]
    for name, module in rctx.attr.modules.items():
        cflags = _pkg_config(rctx, tool, module, "--cflags")
        hdrs = []
        for flag in cflags:
            if flag.startswith("-I") and flag[2:] not in _STANDARD_INCLUDES:
                rctx.symlink(flag[2:], name + "_include")
                hdrs.append(name + "_include")
        build.append("""
cc_library(
    name = {name},
    hdrs = glob({patterns}),
    includes = {includes},
    defines = {defines},
    linkopts = {linkopts},
)""".format(
            name = repr(name),
            patterns = repr([folder + "/**" for folder in hdrs]),
            includes = repr(hdrs),
            defines = repr([flag[2:] for flag in cflags if flag.startswith("-D")]),
            linkopts = repr(_pkg_config(rctx, tool, module, "--libs")),
        ))
    for name, archive in rctx.attr.archives.items():
        found = rctx.execute(["cc", "-print-file-name=" + archive]).stdout.strip()
        if "/" not in found:
            _missing(rctx, "there is no " + archive)
        build.append("cc_library(name = %s, linkopts = [%s], deps = %s)" % (
            repr(name),
            repr("-l:" + archive),
            repr([":" + module for module in rctx.attr.modules]),
        ))
    for path in rctx.attr.programs:
        if not rctx.path(path).exists:
            _missing(rctx, "there is no " + path)
        name = path.split("/")[-1]
        rctx.symlink(path, name)
        build.append("exports_files([%s])" % repr(name))
    for proto in rctx.attr.protos:
        path = rctx.attr.proto_root + "/" + proto
        if not rctx.path(path).exists:
            _missing(rctx, "there is no " + path)
        rctx.symlink(path, proto)
        build.append("proto_library(name = %s, srcs = [%s])" % (
            repr(proto.split("/")[-1].replace(".proto", "_proto")),
            repr(proto),
        ))
    rctx.file("BUILD", "\n".join(build) + "\n")

debian_library = repository_rule(
    implementation = _debian_library_impl,
    attrs = {
        "package": attr.string(mandatory = True, doc = "The Debian package to install."),
        "modules": attr.string_dict(doc = "Target name -> pkg-config module."),
        "proto_root": attr.string(default = "/usr/include", doc = "`protos` are relative to it."),
        "archives": attr.string_dict(
            doc = "Target name -> archive that needs `modules`, and that pkg-config does not know.",
        ),
        "protos": attr.string_list(doc = "Files for proto_library targets: b/a.proto -> a_proto."),
        "programs": attr.string_list(doc = "Absolute paths of programs to export."),
    },
    # Asked again when a Bazel server starts, as packages come and go between builds.
    local = True,
    configure = True,
)

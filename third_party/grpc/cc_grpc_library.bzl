"""C++ code for the services of a proto_library."""

def _grpc_sources_impl(ctx):
    proto = ctx.attr.proto[ProtoInfo]
    headers = []
    sources = []
    out = ctx.bin_dir.path
    for file in proto.direct_sources:
        stem = file.basename[:-len(".proto")]
        if file.owner.workspace_name:
            # Below this package, as actions write to their own package only.
            folder = file.dirname[len(file.owner.workspace_root) + 1:]
            stem = folder + "/" + stem
            out = ctx.bin_dir.path + "/" + ctx.label.package
        headers.append(ctx.actions.declare_file(stem + ".grpc.pb.h"))
        sources.append(ctx.actions.declare_file(stem + ".grpc.pb.cc"))
    args = ctx.actions.args()
    args.add(ctx.executable._plugin, format = "--plugin=protoc-gen-grpc=%s")
    args.add("--grpc_out=" + out)
    # The first one that a file is in names it.
    args.add("--proto_path=" + proto.proto_source_root)
    args.add_all(proto.transitive_proto_path, format_each = "--proto_path=%s")
    args.add("--proto_path=.")
    args.add_all(proto.direct_sources)
    ctx.actions.run(
        executable = ctx.executable._protoc,
        arguments = [args],
        inputs = proto.transitive_sources,
        tools = [ctx.executable._plugin],
        outputs = headers + sources,
        mnemonic = "GrpcCompile",
        progress_message = "Generating gRPC code for %{label}",
    )
    return [
        DefaultInfo(files = depset(headers + sources)),
        OutputGroupInfo(headers = depset(headers), sources = depset(sources)),
    ]

_grpc_sources = rule(
    implementation = _grpc_sources_impl,
    attrs = {
        "proto": attr.label(mandatory = True, providers = [ProtoInfo]),
        "_plugin": attr.label(
            default = "//third_party/grpc:grpc_cpp_plugin",
            allow_single_file = True,
            executable = True,
            cfg = "host",
        ),
        "_protoc": attr.label(
            default = "//third_party/protobuf:protoc",
            allow_single_file = True,
            executable = True,
            cfg = "host",
        ),
    },
)

def cc_grpc_library(name, proto, cc_proto, visibility = None, **kwargs):
    """The stubs and service classes of `proto`, as `#include "folder/file.grpc.pb.h"`.

    Args:
      name: of the library.
      proto: a proto_library of this package, or of another repository: then `includes = ["."]` is
        needed.
      cc_proto: the cc_proto_library of `proto`.
      visibility: of the library.
      **kwargs: passed to cc_library.
    """
    _grpc_sources(name = name + "_generated", proto = proto)
    for group in ["headers", "sources"]:
        native.filegroup(
            name = "%s_%s" % (name, group),
            srcs = [name + "_generated"],
            output_group = group,
        )
    native.cc_library(
        name = name,
        srcs = [name + "_sources"],
        hdrs = [name + "_headers"],
        visibility = visibility,
        deps = [cc_proto, "//third_party/grpc:grpc++", "//third_party/protobuf"],
        **kwargs
    )

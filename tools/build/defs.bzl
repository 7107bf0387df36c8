"""Build rules of the project. Plain cc_library, cc_test and cc_binary need none of them."""

def cc_benchmark(name, deps = [], tags = [], **kwargs):
    """A google-benchmark program: `bazel run //folder:name`. Built when named; never a test."""
    native.cc_binary(
        name = name,
        testonly = True,
        deps = deps + ["//third_party/benchmark:benchmark_main"],
        tags = tags + ["benchmark", "manual"],
        **kwargs
    )

def cc_fuzz_test(name, corpus, deps = [], runs = 20000, size = "small", tags = [], **kwargs):
    """A fuzz target: a source that defines LLVMFuzzerTestOneInput.

    As a test it runs every file of the corpus and then `runs` seeded mutations of them, with any
    compiler. With --config=fuzz it links libFuzzer instead, which takes the same arguments:
    `bazel run --config=fuzz //folder:name -- -max_total_time=60 -runs=-1`.

    Args:
      name: of the test, ending in _fuzz_test.
      corpus: folder, relative to the package, whose files are the first inputs. May not be empty.
      deps: what the source needs; the driver is added.
      runs: mutations to try in a test run.
      size: as for cc_test.
      tags: as for cc_test; "fuzz" is added.
      **kwargs: passed to cc_test.
    """
    if not name.endswith("_fuzz_test"):
        fail("cc_fuzz_test: name '%s' must end in _fuzz_test" % name)

    # The one glob of the tree: a corpus grows with each finding; its files are data, not targets.
    inputs = native.glob([corpus + "/**"])
    if not inputs:
        fail("cc_fuzz_test: the corpus '%s' of '%s' has no file" % (corpus, name))
    package = native.package_name()
    native.cc_test(
        name = name,
        size = size,
        args = ["-runs=%d" % runs, "-seed=1", package + "/" + corpus if package else corpus],
        data = inputs,
        linkopts = select({
            "//tools/build:libfuzzer": ["-fsanitize=fuzzer"],
            "//conditions:default": [],
        }),
        tags = tags + ["fuzz"],
        deps = deps + select({
            "//tools/build:libfuzzer": [],
            "//conditions:default": ["//tools/build:fuzz_driver"],
        }),
        **kwargs
    )

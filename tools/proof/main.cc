// A load that knows what it wrote, through a router: prints what each phase of it was like. What to
// do comes on standard input, a line each; see kUsage.

#include <cstdio>
#include <iostream>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "tools/proof/load.h"
#include "tools/proof/load_client.h"

namespace ringcache::proof {
namespace {

constexpr char kUsage[] =
    "proof_load --port=N [--clients=N] [--keys=N] [--batch=N] [--pause-ms=N] [--limit-ms=N]\n"
    "           [--seed=N]\n"
    "Lines of standard input:\n"
    "  phase NAME  prints the figures since the last such line, as JSON, under NAME\n"
    "  rewrite     stores every key once, then prints {}\n"
    "The end of the input ends it.\n";

bool Apply(absl::string_view argument, LoadOptions* options) {
  const std::vector<std::string> parts = absl::StrSplit(argument, absl::MaxSplits('=', 1));
  std::uint32_t number = 0;
  if (parts.size() != 2 || !absl::SimpleAtoi(parts[1], &number)) return false;
  const std::string& name = parts[0];
  if (name == "--port") return (options->port = static_cast<int>(number)) > 0;
  if (name == "--clients") return (options->clients = number) > 0;
  if (name == "--keys") return (options->keys = number) > 0;
  if (name == "--batch") return (options->batch = number) > 1;
  if (name == "--seed") options->seed = number;
  if (name == "--pause-ms") options->pause = absl::Milliseconds(number);
  if (name == "--limit-ms") options->limit = absl::Milliseconds(number);
  return name == "--seed" || name == "--pause-ms" || name == "--limit-ms";
}

int Main(int argc, char** argv) {
  LoadOptions options;
  for (int i = 1; i < argc; ++i) {
    if (!Apply(argv[i], &options)) return std::fputs(kUsage, stderr), 64;
  }
  if (options.port == 0) return std::fputs(kUsage, stderr), 64;
  Load load(options);
  for (std::string line; std::getline(std::cin, line);) {
    absl::string_view name = line;
    if (line == "rewrite") {
      load.Rewrite();
      std::cout << "{}" << std::endl;
    } else if (absl::ConsumePrefix(&name, "phase ")) {
      std::cout << load.EndPhase(name) << std::endl;
    } else {
      return std::fputs(kUsage, stderr), 64;
    }
  }
  return 0;
}

}  // namespace
}  // namespace ringcache::proof

int main(int argc, char** argv) { return ringcache::proof::Main(argc, argv); }

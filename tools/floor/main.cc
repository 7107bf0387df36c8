// The limit that the kernel sets: see floor_server.h.

#include <cstdio>

#include "absl/types/span.h"
#include "tools/floor/floor_options.h"
#include "tools/floor/floor_server.h"
#include "tools/floor/raw_server.h"

namespace ringcache::floor {
namespace {

absl::Status Run(absl::Span<const char* const> arguments) {
  const auto options = ReadFloorOptions(arguments);
  if (!options.ok()) return options.status();
  const auto exchange = MakeExchange(*options);
  if (!exchange.ok()) return exchange.status();
  return options->raw ? RunRawServer(*options, *exchange) : RunFloorServer(*options, *exchange);
}

}  // namespace
}  // namespace ringcache::floor

int main(int argc, char** argv) {
  const absl::Status status =
      ringcache::floor::Run(absl::MakeConstSpan(argv + 1, static_cast<std::size_t>(argc - 1)));
  if (status.ok()) return 0;
  std::fprintf(stderr, "floor: %s\n", std::string(status.message()).c_str());
  return 1;
}

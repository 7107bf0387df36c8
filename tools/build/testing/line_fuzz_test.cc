// Proves that a fuzz target runs both with the project's driver and with libFuzzer.

#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view input(reinterpret_cast<const char*>(data), size);
  if (absl::StrJoin(absl::StrSplit(input, '\n'), "\n") != input) std::abort();
  return 0;
}

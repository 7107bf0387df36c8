// An input of a fuzz test as a text with commands in it: a byte of 0 and the one behind it are a
// command, all else is said as it is. So that inputs stay readable, and mutations meaningful.
//
// Thread safety: none.

#ifndef RINGCACHE_ROUTER_FUZZ_FUZZ_SCRIPT_H_
#define RINGCACHE_ROUTER_FUZZ_FUZZ_SCRIPT_H_

#include <cstdint>

#include "absl/strings/string_view.h"

namespace ringcache::router {

class FuzzScript {
 public:
  explicit FuzzScript(absl::string_view input) : rest_(input) {}

  // One byte, for a setting; 0 when nothing is left.
  std::uint8_t TakeSetting() {
    if (rest_.empty()) return 0;
    const auto byte = static_cast<std::uint8_t>(rest_.front());
    rest_.remove_prefix(1);
    return byte;
  }

  bool empty() const { return rest_.empty(); }
  // What to say, up to the next command; empty if that is next.
  absl::string_view TakeText() {
    const absl::string_view text = rest_.substr(0, rest_.find('\0'));
    rest_.remove_prefix(text.size());
    return text;
  }
  // REQUIRES: TakeText() came before.
  std::uint8_t TakeCommand() {
    TakeSetting();
    return TakeSetting();
  }

 private:
  absl::string_view rest_;
};

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_FUZZ_FUZZ_SCRIPT_H_

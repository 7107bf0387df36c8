// A protocol line in which only the last digits of keys and perhaps a size vary: it is written by a
// copy and a few stores, for requests to send and for reply lines to expect.
//
//   "set key:0000########"  " 0 0 "  <size>  "\r\n"
//    ^ before the size                        ^ after it; keys may be on either side
//
// Thread safety: immutable after construction.

#ifndef RINGCACHE_TOOLS_LOADGEN_LINE_TEMPLATE_H_
#define RINGCACHE_TOOLS_LOADGEN_LINE_TEMPLATE_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "protocol/decimal.h"
#include "tools/loadgen/key_space.h"

namespace ringcache::loadgen {

class LineTemplate {
 public:
  // Stands for the size in the line that a template is made of.
  static constexpr std::uint32_t kAnySize = 4294967295;

  // An empty line.
  LineTemplate() = default;
  // `line` holds `key_template` once for each key. If it holds kAnySize outside of keys, once, the
  // size varies.
  LineTemplate(absl::string_view line, absl::string_view key_template);

  std::size_t MaxBytes() const { return before_.size() + after_.size() + kMaxSizeDigits; }

  // Writes the line for the keys `ranks`, one for each in the line, and the value size, which is
  // ignored if it does not vary. Returns the end. REQUIRES: room for MaxBytes().
  char* Write(char* out, const std::uint32_t* ranks, std::uint32_t size) const {
    std::memcpy(out, before_.data(), before_.size());
    for (const std::uint32_t offset : before_digits_) KeySpace::WriteDigits(*ranks++, out + offset);
    out += before_.size();
    if (!has_size_) return out;
    out = protocol::WriteUint64(out, size);
    std::memcpy(out, after_.data(), after_.size());
    for (const std::uint32_t offset : after_digits_) KeySpace::WriteDigits(*ranks++, out + offset);
    return out + after_.size();
  }

 private:
  static constexpr std::size_t kMaxSizeDigits = 10;

  std::string before_;
  std::string after_;
  // Where the digits of keys are in each.
  std::vector<std::uint32_t> before_digits_;
  std::vector<std::uint32_t> after_digits_;
  bool has_size_ = false;
};

}  // namespace ringcache::loadgen

#endif  // RINGCACHE_TOOLS_LOADGEN_LINE_TEMPLATE_H_

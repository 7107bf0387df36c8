// Requests to bytes: templates that protocol's writer spelled once, with keys and sizes put in.
//
// Thread safety: immutable after construction.

#ifndef RINGCACHE_TOOLS_LOADGEN_REQUEST_RENDERER_H_
#define RINGCACHE_TOOLS_LOADGEN_REQUEST_RENDERER_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "absl/strings/string_view.h"
#include "tools/loadgen/line_template.h"
#include "tools/loadgen/workload.h"

namespace ringcache::loadgen {

class RequestRenderer {
 public:
  // Values up to this long are copied behind their line; larger ones are sent from where they lie
  // (the break-even that docs/architecture.md names).
  static constexpr std::uint32_t kCopyLimitBytes = 8192;

  // `workload` outlives the renderer.
  explicit RequestRenderer(const Workload* workload);

  // Most bytes that Write writes.
  std::size_t MaxBytes() const { return max_bytes_; }

  // Writes a request for `ranks` at `out` and returns the end. If the value is larger than
  // kCopyLimitBytes, it is put into `*large_value` instead, and the caller sends it and "\r\n"
  // after what was written; otherwise `*large_value` is left alone.
  char* Write(char* out, RequestKind kind, const std::uint32_t* ranks,
              absl::string_view* large_value) const {
    const LineTemplate& line = lines_[static_cast<int>(kind)];
    if (kind == RequestKind::kGet || kind == RequestKind::kDelete) return line.Write(out, ranks, 0);
    const std::uint32_t size = workload_->values.SizeOf(*ranks);
    const char* const value = workload_->values.BytesOf(*ranks);
    out = line.Write(out, ranks, size);
    if (size > kCopyLimitBytes) {
      *large_value = absl::string_view(value, size);
      return out;
    }
    std::memcpy(out, value, size);
    std::memcpy(out + size, "\r\n", 2);
    return out + size + 2;
  }

 private:
  const Workload* workload_;
  std::array<LineTemplate, kRequestKindCount> lines_;
  std::size_t max_bytes_ = 0;
};

}  // namespace ringcache::loadgen

#endif  // RINGCACHE_TOOLS_LOADGEN_REQUEST_RENDERER_H_

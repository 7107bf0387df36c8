// A stream of tests: what was written to it.
//
// Thread safety: belongs to one thread.

#ifndef RINGCACHE_TOOLS_RINGCTL_CAPTURED_STREAM_H_
#define RINGCACHE_TOOLS_RINGCTL_CAPTURED_STREAM_H_

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace ringcache::ringctl {

class CapturedStream {
 public:
  CapturedStream() : stream_(open_memstream(&text_, &size_)) {}
  ~CapturedStream() {
    std::fclose(stream_);
    std::free(text_);
  }
  CapturedStream(const CapturedStream&) = delete;
  CapturedStream& operator=(const CapturedStream&) = delete;

  std::FILE* stream() { return stream_; }
  std::string text() {
    std::fflush(stream_);
    return std::string(text_, size_);
  }

 private:
  char* text_ = nullptr;
  std::size_t size_ = 0;
  std::FILE* const stream_;
};

}  // namespace ringcache::ringctl

#endif  // RINGCACHE_TOOLS_RINGCTL_CAPTURED_STREAM_H_

// A request without its quiet flag: members always reply, so that their replies can be told apart
// and failures are noticed; what a quiet client does not want to hear is left out here.
//
// Thread safety: none.

#ifndef RINGCACHE_ROUTER_LOUD_REQUEST_H_
#define RINGCACHE_ROUTER_LOUD_REQUEST_H_

#include <cstddef>
#include <cstring>
#include <optional>

#include "absl/strings/string_view.h"
#include "protocol/key_iterator.h"
#include "protocol/operation.h"
#include "protocol/request.h"

namespace ringcache::router {

class LoudRequest {
 public:
  // `request` outlives this.
  explicit LoudRequest(const protocol::Request& request) : request_(&request) {
    if (!request.quiet) return;
    copy_ = request;
    copy_->quiet = false;
    request_ = &*copy_;
    if (request.meta.text.empty() || !IsMeta(request.operation)) return;
    copy_->meta.text = WithoutQuiet(request.meta.text);
    if (copy_->meta.text.empty()) copy_->meta.has = {};
  }
  LoudRequest(const LoudRequest&) = delete;
  LoudRequest& operator=(const LoudRequest&) = delete;

  const protocol::Request& request() const { return *request_; }

 private:
  absl::string_view WithoutQuiet(absl::string_view flags) {
    std::size_t bytes = 0;
    protocol::KeyIterator words(flags);
    for (absl::string_view word; words.Next(&word);) {
      if (word.front() == 'q') continue;
      if (bytes > 0) text_[bytes++] = ' ';
      std::memcpy(text_ + bytes, word.data(), word.size());
      bytes += word.size();
    }
    return absl::string_view(text_, bytes);
  }

  const protocol::Request* request_;
  std::optional<protocol::Request> copy_;
  char text_[protocol::kMaxLineBytes];
};

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_LOUD_REQUEST_H_

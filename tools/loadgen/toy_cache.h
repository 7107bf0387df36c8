// The peer of the load generator's tests: a map with just as much of the protocol as the generator
// asks for.
//
// Thread safety: none.

#ifndef RINGCACHE_TOOLS_LOADGEN_TOY_CACHE_H_
#define RINGCACHE_TOOLS_LOADGEN_TOY_CACHE_H_

#include <cstddef>
#include <map>
#include <string>

#include "absl/strings/string_view.h"
#include "protocol/request.h"

namespace ringcache::loadgen {

class ToyCache {
 public:
  // Takes the complete requests from the front of `*input` and returns the replies.
  std::string Answer(std::string* input);

  std::size_t size() const { return items_.size(); }
  void Clear() { items_.clear(); }

 private:
  std::string Execute(const protocol::Request& request, absl::string_view value);
  std::string Get(const protocol::Request& request) const;
  std::string MetaGet(const protocol::Request& request) const;
  bool Store(const protocol::Request& request, absl::string_view value, bool only_if_new);

  std::map<std::string, std::string> items_;
};

}  // namespace ringcache::loadgen

#endif  // RINGCACHE_TOOLS_LOADGEN_TOY_CACHE_H_

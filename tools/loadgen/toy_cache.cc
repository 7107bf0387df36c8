#include "tools/loadgen/toy_cache.h"

#include "absl/strings/str_cat.h"
#include "protocol/key_iterator.h"
#include "protocol/operation.h"
#include "protocol/request_parser.h"

namespace ringcache::loadgen {

using protocol::Operation;

std::string ToyCache::Answer(std::string* input) {
  std::string replies;
  std::size_t at = 0;
  while (at < input->size()) {
    const absl::string_view rest = absl::string_view(*input).substr(at);
    protocol::Request request;
    const protocol::ParseResult result = protocol::ParseRequest(rest, &request);
    if (result.status == protocol::ParseStatus::kNeedMore) break;
    if (result.status != protocol::ParseStatus::kOk) {
      at += result.consumed;
      replies += "ERROR\r\n";
      continue;
    }
    const bool stores = request.operation == Operation::kSet ||
                        request.operation == Operation::kAdd ||
                        request.operation == Operation::kMetaSet;
    const std::size_t data_bytes = stores ? request.value_bytes + 2 : 0;
    if (rest.size() < result.consumed + data_bytes) break;
    replies += Execute(request, rest.substr(result.consumed, stores ? request.value_bytes : 0));
    at += result.consumed + data_bytes;
  }
  input->erase(0, at);
  return replies;
}

std::string ToyCache::Execute(const protocol::Request& request, absl::string_view value) {
  switch (request.operation) {
    case Operation::kGet:
      return Get(request);
    case Operation::kMetaGet:
      return MetaGet(request);
    case Operation::kSet:
    case Operation::kAdd:
      return Store(request, value, request.operation == Operation::kAdd) ? "STORED\r\n"
                                                                         : "NOT_STORED\r\n";
    case Operation::kMetaSet:
      return Store(request, value, request.meta.has.Has('M')) ? "HD\r\n" : "NS\r\n";
    case Operation::kDelete:
      return items_.erase(std::string(request.key)) > 0 ? "DELETED\r\n" : "NOT_FOUND\r\n";
    case Operation::kMetaDelete:
      return items_.erase(std::string(request.key)) > 0 ? "HD\r\n" : "NF\r\n";
    default:
      return "ERROR\r\n";
  }
}

std::string ToyCache::Get(const protocol::Request& request) const {
  std::string reply;
  protocol::KeyIterator keys(request.keys);
  for (absl::string_view key; keys.Next(&key);) {
    const auto item = items_.find(std::string(key));
    if (item == items_.end()) continue;
    absl::StrAppend(&reply, "VALUE ", key, " 0 ", item->second.size(), "\r\n", item->second,
                    "\r\n");
  }
  return reply + "END\r\n";
}

std::string ToyCache::MetaGet(const protocol::Request& request) const {
  const auto item = items_.find(std::string(request.key));
  if (item == items_.end()) return "EN\r\n";
  const std::string key = request.meta.has.Has('k') ? absl::StrCat(" k", request.key) : "";
  return absl::StrCat("VA ", item->second.size(), key, "\r\n", item->second, "\r\n");
}

bool ToyCache::Store(const protocol::Request& request, absl::string_view value, bool only_if_new) {
  const std::string key(request.key);
  if (only_if_new && items_.count(key) > 0) return false;
  items_[key] = std::string(value);
  return true;
}

}  // namespace ringcache::loadgen

// One value of a configuration, with its place in the file, so that whoever reads it can say what
// is wrong where:
//
//   /etc/router.json:12: routes[0].route.children: has no "PoolRoute"
//
// Ownership: points into a ConfigFile, which outlives it. Thread safety: any thread may read.

#ifndef RINGCACHE_ROUTER_CONFIG_CONFIG_NODE_H_
#define RINGCACHE_ROUTER_CONFIG_CONFIG_NODE_H_

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "router/config/config_places.h"

namespace Json {
class Value;
}

namespace ringcache::router {

class ConfigNode {
 public:
  // `path`: "pools.A.servers[2]"; empty for the whole.
  ConfigNode(const ConfigPlaces* places, const Json::Value* value, std::string path)
      : places_(places), value_(value), path_(std::move(path)) {}

  bool is_object() const;
  bool is_array() const;
  bool is_string() const;
  bool is_number() const;
  bool is_bool() const;
  const std::string& path() const { return path_; }
  // From 1.
  std::size_t line() const;

  // "<file>:<line>: <path>: <problem>"; kInvalidArgument.
  absl::Status Error(absl::string_view problem) const;
  // `text` as errors show it: between quotes, escaped, and no longer than a line.
  static std::string Shown(absl::string_view text);

  // Of this value itself. Errors say what it is and what it should be.
  absl::StatusOr<std::string> AsString() const;
  absl::StatusOr<std::vector<ConfigNode>> AsArray() const;
  // Keys and values, in the order of the keys.
  absl::StatusOr<std::vector<std::pair<std::string, ConfigNode>>> AsObject() const;
  absl::StatusOr<std::int64_t> AsInteger(std::int64_t least, std::int64_t most) const;
  absl::StatusOr<double> AsDouble(double least, double most) const;
  absl::StatusOr<bool> AsBool() const;

  // Of an object. REQUIRES: is_object() for all that follow.
  bool Has(absl::string_view key) const;
  // Fails if there is no such key.
  absl::StatusOr<ConfigNode> Get(absl::string_view key) const;
  // With a default for a key that is not there; a value of another type or out of bounds is an
  // error that names the bounds.
  absl::StatusOr<std::string> GetString(absl::string_view key, absl::string_view otherwise) const;
  absl::StatusOr<bool> GetBool(absl::string_view key, bool otherwise) const;
  absl::StatusOr<std::int64_t> GetInteger(absl::string_view key, std::int64_t otherwise,
                                          std::int64_t least, std::int64_t most) const;
  absl::StatusOr<double> GetDouble(absl::string_view key, double otherwise, double least,
                                   double most) const;
  // Milliseconds in the file, at least `least`.
  absl::StatusOr<absl::Duration> GetMilliseconds(absl::string_view key, absl::Duration otherwise,
                                                 absl::Duration least, absl::Duration most) const;
  // Fails on a key that is not listed, naming it and the nearest one that is. "type" and "name",
  // which a named handle has, are always allowed.
  absl::Status AllowOnly(std::initializer_list<absl::string_view> keys) const;
  absl::Status AllowOnly(absl::Span<const absl::string_view> keys) const;

  // The object that a short form of this string stands for, {"type": type, key: text}, in the place
  // of the string. Without a `key` it has a type only.
  ConfigNode Expanded(absl::string_view type, absl::string_view key, absl::string_view text) const;

 private:
  ConfigNode Child(absl::string_view key, const Json::Value* value) const;
  // "is 5, and should be " + what.
  absl::Status NotA(absl::string_view what) const;
  const Json::Value* Find(absl::string_view key) const;

  const ConfigPlaces* places_;
  const Json::Value* value_;
  std::string path_;
  // Of nodes that are not in the file: what value_ is part of.
  std::shared_ptr<const Json::Value> expanded_;
};

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_CONFIG_CONFIG_NODE_H_

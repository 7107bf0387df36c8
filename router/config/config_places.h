// The lines of a configuration's text, for errors that say where something is.
//
// Thread safety: immutable.

#ifndef RINGCACHE_ROUTER_CONFIG_CONFIG_PLACES_H_
#define RINGCACHE_ROUTER_CONFIG_CONFIG_PLACES_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace ringcache::router {

class ConfigPlaces {
 public:
  // Of what stands behind "<name>:<line>: " in an error.
  static constexpr std::size_t kMaxProblemBytes = 2000;

  // `name` stands in front of errors. The text need not live on.
  ConfigPlaces(std::string name, absl::string_view text);

  const std::string& name() const { return name_; }
  // From 1. `offset`: of a byte of the text.
  std::size_t LineOf(std::size_t offset) const;
  // "<name>:<line>: <problem>"; kInvalidArgument. Control characters, which may come from the text,
  // become question marks, so that an error is one line wherever it is shown.
  absl::Status ErrorAt(std::size_t offset, absl::string_view problem) const;
  absl::Status ErrorInLine(std::size_t line, absl::string_view problem) const;

 private:
  const std::string name_;
  // Where each line but the first begins.
  std::vector<std::size_t> line_starts_;
};

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_CONFIG_CONFIG_PLACES_H_

// Figures of messages as cells of a table: a column names the field that it shows, and how.
//
// Thread safety: functions only.

#ifndef RINGCACHE_TOOLS_RINGCTL_FIGURE_COLUMNS_H_
#define RINGCACHE_TOOLS_RINGCTL_FIGURE_COLUMNS_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"

namespace ringcache::ringctl {

enum class Measure : std::uint8_t {
  // As it is now.
  kCount,
  kBytes,
  kSeconds,
  kMicroseconds,
  // Rises; as a rate: so many a second.
  kCounter,
  kByteCounter,
  // What part the first field is of the second, both of which rise.
  kShare,
  // Microseconds of both fields; as a rate: percent of a core.
  kProcessorTime,
};

struct FigureColumn {
  absl::string_view heading;
  Measure measure;
  // "evictions", or "general.evictions" of a message in the message.
  absl::string_view field;
  absl::string_view second_field = {};
};

// Nothing if the message does not have it, or has no such field.
std::optional<std::uint64_t> FigureOf(const google::protobuf::Message& message,
                                      absl::string_view field);

// The heading, for totals or for rates.
std::string HeadingOf(const FigureColumn& column, bool as_rates);

// A dash if it is not known.
std::string Total(const FigureColumn& column, const google::protobuf::Message& now);
// What was counted in `seconds`, from `before` to `now`; a dash if the process began anew.
// REQUIRES: both are of one type, and seconds > 0.
std::string Rate(const FigureColumn& column, const google::protobuf::Message& before,
                 const google::protobuf::Message& now, double seconds);

// Adds the figures of `message` to those of `sum`, also those of messages in it, but for lists.
// REQUIRES: both are of one type.
void AddFigures(const google::protobuf::Message& message, google::protobuf::Message* sum);

}  // namespace ringcache::ringctl

#endif  // RINGCACHE_TOOLS_RINGCTL_FIGURE_COLUMNS_H_

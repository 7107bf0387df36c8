#include "tools/ringctl/duration_message.h"

#include <cmath>
#include <cstdint>

namespace ringcache::ringctl {

google::protobuf::Duration DurationMessage(double seconds) {
  double whole = 0;
  const double rest = std::modf(seconds, &whole);
  google::protobuf::Duration message;
  message.set_seconds(static_cast<std::int64_t>(whole));
  message.set_nanos(static_cast<std::int32_t>(rest * 1e9));
  return message;
}

}  // namespace ringcache::ringctl

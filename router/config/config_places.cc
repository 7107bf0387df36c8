#include "router/config/config_places.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace ringcache::router {

ConfigPlaces::ConfigPlaces(std::string name, absl::string_view text) : name_(std::move(name)) {
  for (std::size_t at = text.find('\n'); at != absl::string_view::npos;
       at = text.find('\n', at + 1)) {
    line_starts_.push_back(at + 1);
  }
}

std::size_t ConfigPlaces::LineOf(std::size_t offset) const {
  const auto next = std::upper_bound(line_starts_.begin(), line_starts_.end(), offset);
  return 1 + static_cast<std::size_t>(next - line_starts_.begin());
}

absl::Status ConfigPlaces::ErrorAt(std::size_t offset, absl::string_view problem) const {
  return ErrorInLine(LineOf(offset), problem);
}

absl::Status ConfigPlaces::ErrorInLine(std::size_t line, absl::string_view problem) const {
  std::string shown(problem.substr(0, kMaxProblemBytes));
  std::replace_if(
      shown.begin(), shown.end(), [](unsigned char c) { return absl::ascii_iscntrl(c); }, '?');
  return absl::InvalidArgumentError(absl::StrCat(name_, ":", line, ": ", shown));
}

}  // namespace ringcache::router

#include "tools/loadgen/line_template.h"

#include "absl/strings/str_cat.h"

namespace ringcache::loadgen {

LineTemplate::LineTemplate(absl::string_view line, absl::string_view key_template) {
  const std::string any_size = absl::StrCat(kAnySize);
  std::size_t start = 0;  // of what is not in before_ yet
  std::size_t at = 0;
  while (at < line.size()) {
    std::string& part = has_size_ ? after_ : before_;
    const absl::string_view rest = line.substr(at);
    // A key follows a space, or the k of a meta reply; a size may hold the digits of a short key.
    const bool may_begin = at == 0 || line[at - 1] == ' ' || line[at - 1] == 'k';
    if (may_begin && rest.substr(0, key_template.size()) == key_template) {
      at += key_template.size();
      auto& digits = has_size_ ? after_digits_ : before_digits_;
      digits.push_back(static_cast<std::uint32_t>(at - start - KeySpace::kDigits));
      part += std::string(key_template);
    } else if (!has_size_ && rest.substr(0, any_size.size()) == any_size) {
      has_size_ = true;
      at += any_size.size();
      start = at;
    } else {
      part += rest[0];
      ++at;
    }
  }
}

}  // namespace ringcache::loadgen

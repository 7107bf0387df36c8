#include "hashring/natural_order.h"

#include <cstddef>

#include "absl/strings/ascii.h"

namespace ringcache::hashring {
namespace {

using absl::string_view;

bool StartsWithDigit(string_view text) {
  return !text.empty() && absl::ascii_isdigit(static_cast<unsigned char>(text.front()));
}

// Takes the number that `text` starts with; its leading zeros are left out.
string_view TakeNumber(string_view* text) {
  std::size_t end = 0;
  while (StartsWithDigit(text->substr(end))) ++end;
  string_view number = text->substr(0, end);
  text->remove_prefix(end);
  while (number.size() > 1 && number.front() == '0') number.remove_prefix(1);
  return number;
}

}  // namespace

bool NaturalLess(string_view a, string_view b) {
  string_view rest_a = a, rest_b = b;
  while (!rest_a.empty() && !rest_b.empty()) {
    if (StartsWithDigit(rest_a) && StartsWithDigit(rest_b)) {
      const string_view number_a = TakeNumber(&rest_a);
      const string_view number_b = TakeNumber(&rest_b);
      if (number_a.size() != number_b.size()) return number_a.size() < number_b.size();
      if (number_a != number_b) return number_a < number_b;
      continue;
    }
    if (rest_a.front() != rest_b.front()) return rest_a.substr(0, 1) < rest_b.substr(0, 1);
    rest_a.remove_prefix(1);
    rest_b.remove_prefix(1);
  }
  if (rest_a.empty() != rest_b.empty()) return rest_a.empty();
  return a < b;
}

}  // namespace ringcache::hashring

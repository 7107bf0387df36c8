#include "flags/argument_reader.h"

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "flags/nearest_name.h"

namespace ringcache::flags {
namespace {

using absl::string_view;

absl::Status Wrong(string_view what) { return absl::InvalidArgumentError(what); }

class Reader {
 public:
  using Apply = absl::FunctionRef<absl::Status(std::size_t, string_view)>;

  Reader(absl::Span<const Syntax> rows, absl::Span<const string_view> arguments, Apply apply,
         std::vector<string_view>* words)
      : rows_(rows), arguments_(arguments), apply_(apply), words_(words) {
    for (const Syntax& row : rows_) has_letters_ = has_letters_ || row.letter != kNoLetter;
  }

  absl::Status ReadAll() {
    while (next_ < arguments_.size()) {
      const string_view argument = arguments_[next_++];
      if (argument == "--" && words_ != nullptr) {
        words_->insert(words_->end(), arguments_.begin() + next_, arguments_.end());
        return absl::OkStatus();
      }
      absl::Status status;
      if (absl::StartsWith(argument, "--") && argument.size() > 2) {
        status = ReadLong(argument.substr(2));
      } else if (has_letters_ && absl::StartsWith(argument, "-") && argument.size() > 1) {
        status = ReadShort(argument.substr(1));
      } else {
        status = ReadWord(argument);
      }
      if (!status.ok()) return status;
    }
    return absl::OkStatus();
  }

 private:
  absl::Status ReadWord(string_view word) {
    if (words_ != nullptr) {
      words_->push_back(word);
      return absl::OkStatus();
    }
    return Wrong(absl::StrCat("'", word, "' is no option; options begin with ",
                              has_letters_ ? "'-'" : "--",
                              bare_.empty() ? "" : absl::StrCat("; a value of ", bare_),
                              bare_.empty() ? "" : " follows a ="));
  }

  absl::Status ReadLong(string_view text) {
    const std::size_t end = text.find_first_of("= ");
    const absl::StatusOr<std::size_t> found = FindName(text.substr(0, end));
    if (!found.ok()) return found.status();
    const Syntax& row = rows_[*found];
    const std::string shown = absl::StrCat("--", row.name);
    bare_.clear();
    if (end != string_view::npos) {
      if (row.value.empty()) return Wrong(absl::StrCat(shown, " takes no value"));
      const string_view value = text.substr(end + 1);
      return apply_(*found, text[end] == ' ' ? absl::StripLeadingAsciiWhitespace(value) : value);
    }
    return row.value.empty() || !row.if_bare.empty() ? ApplyBare(*found, shown)
                                                     : ApplyNext(*found, shown);
  }

  // One letter and its value, or several letters the last of which may have a value.
  absl::Status ReadShort(string_view letters) {
    while (!letters.empty()) {
      const std::size_t found = FindLetter(letters[0]);
      const std::string shown = absl::StrCat("-", letters.substr(0, 1));
      letters.remove_prefix(1);
      if (found == rows_.size()) {
        return Wrong(absl::StrCat(shown, ": there is no such option", WhereToLook()));
      }
      const Syntax& row = rows_[found];
      const bool has_value = !letters.empty() && (absl::ascii_isdigit(letters[0]) ||
                                                  letters[0] == ' ' || row.if_bare.empty());
      bare_.clear();
      if (!row.value.empty() && has_value) {
        return apply_(found, absl::StripLeadingAsciiWhitespace(letters));
      }
      if (!row.value.empty() && row.if_bare.empty()) return ApplyNext(found, shown);
      if (absl::Status status = ApplyBare(found, shown); !status.ok()) return status;
    }
    return absl::OkStatus();
  }

  absl::Status ApplyBare(std::size_t row, const std::string& shown) {
    if (!rows_[row].value.empty()) bare_ = shown;
    return apply_(row, rows_[row].if_bare);
  }

  absl::Status ApplyNext(std::size_t row, string_view shown) {
    if (next_ == arguments_.size()) {
      return Wrong(absl::StrCat(shown, " needs a value: ", shown, " <", rows_[row].value, ">"));
    }
    return apply_(row, arguments_[next_++]);
  }

  std::size_t FindLetter(char letter) const {
    std::size_t row = 0;
    while (row < rows_.size() && rows_[row].letter != letter) ++row;
    return row;
  }

  // By its name or a beginning of it that no other name has.
  absl::StatusOr<std::size_t> FindName(string_view name) const {
    std::size_t found = rows_.size();
    std::size_t other = rows_.size();
    for (std::size_t row = 0; row < rows_.size(); ++row) {
      if (rows_[row].name.empty()) continue;
      if (rows_[row].name == name) return row;
      if (!absl::StartsWith(rows_[row].name, name)) continue;
      std::size_t& free = found == rows_.size() ? found : other;
      if (free == rows_.size()) free = row;
    }
    if (other != rows_.size()) {
      return Wrong(absl::StrCat("--", name, " may be --", rows_[found].name, " or --",
                                rows_[other].name, "; write it out"));
    }
    if (found != rows_.size()) return found;
    return Wrong(
        absl::StrCat("--", name, ": there is no such option", Nearest(name), WhereToLook()));
  }

  // "; there is --port", or nothing.
  std::string Nearest(string_view name) const {
    std::vector<string_view> names;
    for (const Syntax& row : rows_) names.push_back(row.name);
    const string_view nearest = NearestName(name, names);
    return nearest.empty() ? "" : absl::StrCat("; there is --", nearest);
  }

  string_view WhereToLook() const {
    for (const Syntax& row : rows_) {
      if (row.name != "help") continue;
      return row.letter == 'h' ? "; -h lists them" : "; --help lists them";
    }
    return "";
  }

  const absl::Span<const Syntax> rows_;
  const absl::Span<const string_view> arguments_;
  const Apply apply_;
  std::vector<string_view>* const words_;
  bool has_letters_ = false;
  std::size_t next_ = 0;
  // The flag before this argument, if it could have had a value and had none.
  std::string bare_;
};

}  // namespace

absl::Status ReadArguments(absl::Span<const Syntax> rows, absl::Span<const string_view> arguments,
                           absl::FunctionRef<absl::Status(std::size_t, string_view)> apply,
                           std::vector<string_view>* words) {
  return Reader(rows, arguments, apply, words).ReadAll();
}

}  // namespace ringcache::flags

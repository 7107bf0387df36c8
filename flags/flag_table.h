// Command lines by a table with a row for each flag, which reads it (argument_reader.h says in
// which spellings), spells what was read, and explains itself.
//
//   using F = flags::Of<Options>;
//   constexpr F::Row kRows[] = {F::Integer<&Options::keys>("keys", "how many there are"), ...};
//   absl::Status status = F::Parse(kRows, arguments, &options);
//
// A member is named by a pointer to it, or by a function from Options& to a reference.
//
// Thread safety: functions only.

#ifndef RINGCACHE_FLAGS_FLAG_TABLE_H_
#define RINGCACHE_FLAGS_FLAG_TABLE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <type_traits>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "flags/argument_reader.h"

namespace ringcache::flags {

// A word for each enumerator, in order.
template <std::size_t kSize>
using Words = std::array<absl::string_view, kSize>;
inline constexpr Words<2> kSwitchWords = {"no", "yes"};

inline absl::Status Wrong(absl::string_view text, absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat("'", text, "' is ", what));
}

template <typename Options>
struct Of {
  struct Row {
    absl::string_view name;
    absl::string_view value;    // how the help calls the value
    absl::string_view if_bare;  // what `--name` alone stands for; empty: a value is needed
    absl::string_view help;
    absl::Status (*read)(absl::string_view text, Options* options);
    std::string (*spell)(const Options& options);  // empty: the help says nothing of a default
    char letter = kNoLetter;
  };
  // The same row, which `-<letter>` names, too.
  static constexpr Row Short(char letter, Row row) {
    row.letter = letter;
    return row;
  }

  template <auto kMember>
  static auto& Member(Options& options) {
    return std::invoke(kMember, options);
  }
  // Members are read only.
  template <auto kMember>
  static const auto& Member(const Options& options) {
    return std::invoke(kMember, const_cast<Options&>(options));
  }
  template <auto kMember>
  static std::string Spell(const Options& options) {
    return absl::StrCat(Member<kMember>(options));
  }
  static std::string SpellNothing(const Options&) { return std::string(); }

  template <auto kMember>
  static constexpr Row Integer(absl::string_view name, absl::string_view help) {
    const auto read = [](absl::string_view text, Options* options) {
      if (absl::SimpleAtoi(text, &Member<kMember>(*options))) return absl::OkStatus();
      return Wrong(text, "no whole number that fits");
    };
    return {name, "N", "", help, read, Spell<kMember>};
  }

  template <auto kMember, std::uint64_t kLeast, std::uint64_t kMost>
  static constexpr Row IntegerWithin(absl::string_view name, absl::string_view help) {
    const auto read = [](absl::string_view text, Options* options) {
      std::uint64_t number = 0;
      if (!absl::SimpleAtoi(text, &number) || number < kLeast || number > kMost) {
        return Wrong(text, absl::StrCat("no whole number from ", kLeast, " to ", kMost));
      }
      auto& member = Member<kMember>(*options);
      member = static_cast<std::decay_t<decltype(member)>>(number);
      return absl::OkStatus();
    };
    return {name, "N", "", help, read, Spell<kMember>};
  }

  // An absl::Duration, given in milliseconds.
  template <auto kMember, std::uint64_t kLeast, std::uint64_t kMost>
  static constexpr Row Milliseconds(absl::string_view name, absl::string_view help) {
    const auto read = [](absl::string_view text, Options* options) {
      std::uint64_t number = 0;
      if (!absl::SimpleAtoi(text, &number) || number < kLeast || number > kMost) {
        return Wrong(text, absl::StrCat("no number of milliseconds from ", kLeast, " to ", kMost));
      }
      Member<kMember>(*options) = absl::Milliseconds(static_cast<std::int64_t>(number));
      return absl::OkStatus();
    };
    const auto spell = [](const Options& options) {
      return absl::StrCat(absl::ToInt64Milliseconds(Member<kMember>(options)));
    };
    return {name, "MS", "", help, read, spell};
  }

  template <auto kMember>
  static constexpr Row Number(absl::string_view name, absl::string_view value,
                              absl::string_view help) {
    const auto read = [](absl::string_view text, Options* options) {
      double* const number = &Member<kMember>(*options);
      // The comparison refuses NaN and infinity.
      const bool is_number = absl::SimpleAtod(text, number) && *number >= 0 && *number <= 1e18;
      return is_number ? absl::OkStatus() : Wrong(text, "no number from 0");
    };
    return {name, value, "", help, read, Spell<kMember>};
  }

  template <auto kMember>
  static constexpr Row Text(absl::string_view name, absl::string_view value,
                            absl::string_view help) {
    const auto read = [](absl::string_view text, Options* options) {
      Member<kMember>(*options) = std::string(text);
      return absl::OkStatus();
    };
    return {name, value, "", help, read, Spell<kMember>};
  }

  template <auto kMember>
  static constexpr Row NonEmptyText(absl::string_view name, absl::string_view value,
                                    absl::string_view help) {
    const auto read = [](absl::string_view text, Options* options) {
      Member<kMember>(*options) = std::string(text);
      return text.empty() ? Wrong(text, "empty") : absl::OkStatus();
    };
    return {name, value, "", help, read, Spell<kMember>};
  }

  // Adds to a list of texts.
  template <auto kMember, char kSeparator>
  static constexpr Row List(absl::string_view name, absl::string_view value,
                            absl::string_view help) {
    const auto read = [](absl::string_view text, Options* options) {
      for (const absl::string_view part : absl::StrSplit(text, kSeparator, absl::SkipEmpty())) {
        Member<kMember>(*options).emplace_back(part);
      }
      return absl::OkStatus();
    };
    return {name, value, "", help, read, SpellNothing};
  }

  // An enumeration, or a bool.
  template <auto kMember, const auto& kWords>
  static constexpr Row Word(absl::string_view name, absl::string_view value,
                            absl::string_view if_bare, absl::string_view help) {
    const auto read = [](absl::string_view text, Options* options) {
      for (std::size_t i = 0; i < kWords.size(); ++i) {
        if (text != kWords[i]) continue;
        auto& member = Member<kMember>(*options);
        member = static_cast<std::decay_t<decltype(member)>>(i);
        return absl::OkStatus();
      }
      return Wrong(text, absl::StrCat("none of ", absl::StrJoin(kWords, ", ")));
    };
    const auto spell = [](const Options& options) {
      return std::string(kWords[static_cast<std::size_t>(Member<kMember>(options))]);
    };
    return {name, value, if_bare, help, read, spell};
  }

  template <auto kMember>
  static constexpr Row Switch(absl::string_view name, absl::string_view help) {
    return Word<kMember, kSwitchWords>(name, "no|yes", "yes", help);
  }

  // A member whose type reads and spells itself.
  template <auto kMember>
  static constexpr Row Parsed(absl::string_view name, absl::string_view value,
                              absl::string_view help) {
    const auto read = [](absl::string_view text, Options* options) {
      auto& member = Member<kMember>(*options);
      auto parsed = std::decay_t<decltype(member)>::Parse(text);
      if (parsed.ok()) member = *parsed;
      return parsed.status();
    };
    const auto spell = [](const Options& options) { return Member<kMember>(options).ToString(); };
    return {name, value, "", help, read, spell};
  }

  // As ReadArguments.
  static absl::Status Parse(absl::Span<const Row> rows,
                            absl::Span<const absl::string_view> arguments, Options* options,
                            std::vector<absl::string_view>* words = nullptr) {
    std::vector<Syntax> syntax;
    for (const Row& row : rows) syntax.push_back({row.letter, row.name, row.value, row.if_bare});
    const auto apply = [&](std::size_t index, absl::string_view value) {
      return Apply(rows[index], value, options);
    };
    return ReadArguments(syntax, arguments, apply, words);
  }

  // An error begins with the flag's name.
  static absl::Status Apply(const Row& row, absl::string_view value, Options* options) {
    const absl::Status status = row.read(value, options);
    if (status.ok()) return status;
    return absl::InvalidArgumentError(absl::StrCat("--", row.name, ": ", status.message()));
  }

  // What --help prints: `purpose`, then every flag with its default.
  static std::string Help(absl::string_view purpose, absl::Span<const Row> rows) {
    std::string text = absl::StrCat(purpose, "\n\n");
    const Options defaults;
    for (const Row& row : rows) {
      const bool bare = !row.if_bare.empty();
      const std::string letter =
          row.letter == kNoLetter ? "" : absl::StrCat("-", std::string(1, row.letter), ", ");
      absl::StrAppend(&text, "  ", letter, "--", row.name, bare ? "[=" : "=", row.value,
                      bare ? "]" : "");
      const std::string usual = row.spell(defaults);
      absl::StrAppend(&text, usual.empty() ? "" : absl::StrCat("  (", usual, ")"), "\n      ",
                      row.help, "\n");
    }
    return text;
  }
};

}  // namespace ringcache::flags

#endif  // RINGCACHE_FLAGS_FLAG_TABLE_H_

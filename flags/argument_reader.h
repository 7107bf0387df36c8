// Reads a command line by a table of its flags, and knows nothing of what they mean.
//
// Values are separate (`-p 5000`, `--port 5000`), glued (`-p5000`, `--port=5000`), or in one
// argument with a space (`-p 5000`, as container charts pass them). Letters may be joined, names
// shortened as long as they stay unique.
//
// Thread safety: functions only.

#ifndef RINGCACHE_FLAGS_ARGUMENT_READER_H_
#define RINGCACHE_FLAGS_ARGUMENT_READER_H_

#include <cstddef>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace ringcache::flags {

inline constexpr char kNoLetter = '\0';

struct Syntax {
  char letter = kNoLetter;
  absl::string_view name;     // without its "--"; empty: none
  absl::string_view value;    // what the help calls the value; empty: there is none
  absl::string_view if_bare;  // what the flag alone stands for; empty: a value is needed
};

// Calls `apply(row, value)` for each flag in the order of the arguments and ends with its error. A
// value that may be left out is glued; behind a letter it begins with a digit or a space. `words`
// gets what is neither a flag nor the value of one, and all that follows a `--`; without it, there
// is to be no such thing. Fails with what is wrong and what would be right.
absl::Status ReadArguments(absl::Span<const Syntax> rows,
                           absl::Span<const absl::string_view> arguments,
                           absl::FunctionRef<absl::Status(std::size_t, absl::string_view)> apply,
                           std::vector<absl::string_view>* words = nullptr);

}  // namespace ringcache::flags

#endif  // RINGCACHE_FLAGS_ARGUMENT_READER_H_

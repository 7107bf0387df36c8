// A configuration's text before it is parsed as JSON: comments become blanks, which keeps every
// line and place, and what would take too much to parse is found.
//
// Thread safety: a pure function.

#ifndef RINGCACHE_ROUTER_CONFIG_CONFIG_TEXT_H_
#define RINGCACHE_ROUTER_CONFIG_CONFIG_TEXT_H_

#include <cstddef>
#include <string>

namespace ringcache::router {

// Far more than people and programs write, and what no stack and no memory minds.
inline constexpr std::size_t kMaxConfigBytes = std::size_t{16} << 20;
inline constexpr std::size_t kMaxConfigDepth = 64;
inline constexpr std::size_t kMaxConfigValues = std::size_t{1} << 20;

// What is wrong, and at which byte of the text.
struct TextProblem {
  std::string what;  // empty: nothing
  std::size_t offset = 0;
};

// Puts blanks in place of `// ...` and `/* ... */`, and of a byte order mark. Finds a comment or a
// string that does not end, and more bytes, depth or values than the above.
TextProblem BlankComments(std::string* text);

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_CONFIG_CONFIG_TEXT_H_

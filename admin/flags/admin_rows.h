// The admin interface's flags as rows of a table of flags (flags/flag_table.h), so that every
// program calls them the same.
//
//   std::vector<F::Row> rows(std::begin(kRows), std::end(kRows));
//   AdminRows<Options, &Options::admin>::AppendTo(&rows);
//
// The AdminOptions are named by a pointer to a member, or by a function from Options& to a
// reference.
//
// Thread safety: functions only.

#ifndef RINGCACHE_ADMIN_FLAGS_ADMIN_ROWS_H_
#define RINGCACHE_ADMIN_FLAGS_ADMIN_ROWS_H_

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "admin/backend/admin_options.h"
#include "flags/flag_table.h"

namespace ringcache::admin {

template <typename Options, auto kAdmin>
class AdminRows {
 public:
  using F = flags::Of<Options>;
  using Row = typename F::Row;

  // Those that every program has.
  static void AppendTo(std::vector<Row>* rows) {
    Append<AdminFlags>(std::make_index_sequence<kAdminFlags>(), rows);
  }
  // Those of a program that shows a ring which it does not use.
  static void AppendObserverTo(std::vector<Row>* rows) {
    Append<RingObserverFlags>(std::make_index_sequence<kRingObserverFlags>(), rows);
  }

 private:
  template <auto kFlags, std::size_t... kIndices>
  static void Append(std::index_sequence<kIndices...>, std::vector<Row>* rows) {
    (rows->push_back(RowAt<kFlags, kIndices>()), ...);
  }

  template <auto kFlags, std::size_t kIndex>
  static Row RowAt() {
    const AdminFlag& flag = kFlags()[kIndex];
    const auto read = [](absl::string_view text, Options* options) {
      return kFlags()[kIndex].read(text, &F::template Member<kAdmin>(*options));
    };
    const auto spell = [](const Options& options) {
      return kFlags()[kIndex].spell(F::template Member<kAdmin>(options));
    };
    return {flag.name, flag.value, flag.if_bare, flag.help, read, spell};
  }
};

}  // namespace ringcache::admin

#endif  // RINGCACHE_ADMIN_FLAGS_ADMIN_ROWS_H_

// Figures into the fields of a message, by protobuf's reflection: a row's `field` is the field's
// name. What is not known stays absent.
//
// Thread safety: functions only.

#ifndef RINGCACHE_ADMIN_SERVICE_FIGURE_FIELDS_H_
#define RINGCACHE_ADMIN_SERVICE_FIGURE_FIELDS_H_

#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "admin/backend/figure_table.h"
#include "google/protobuf/message.h"

namespace ringcache::admin {

// REQUIRES: `message` has an `optional uint64` of that name.
void SetFigure(absl::string_view field, std::uint64_t value, google::protobuf::Message* message);

// Returns whether any figure is known.
template <typename Id, std::size_t kRows>
bool SetFigures(const FigureRow<Id> (&rows)[kRows], const FigureSet<Id>& figures,
                google::protobuf::Message* message) {
  bool any = false;
  for (const FigureRow<Id>& row : rows) {
    const auto& value = figures[row.id];
    if (!value.has_value()) continue;
    SetFigure(row.field, *value, message);
    any = true;
  }
  return any;
}

}  // namespace ringcache::admin

#endif  // RINGCACHE_ADMIN_SERVICE_FIGURE_FIELDS_H_

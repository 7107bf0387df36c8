// Rings, and who owns keys, as text.
//
// Thread safety: functions only.

#ifndef RINGCACHE_TOOLS_RINGCTL_RING_TEXT_H_
#define RINGCACHE_TOOLS_RINGCTL_RING_TEXT_H_

#include <string>

#include "absl/strings/string_view.h"
#include "admin/proto/admin.pb.h"

namespace ringcache::ringctl {

// For each ring a bar of what each member owns, with a mark where it would be fair.
std::string RingsText(const admin::v1::Rings& rings);

// "main, ketama with md5, version 3, 5 members: *.cache.default:11211". `suffix` is what the names
// of all have in common; may be empty.
std::string RingHeading(const admin::v1::Ring& ring, absl::string_view suffix);

// A row for each key: who owns it, who stands in.
std::string LocationsText(const admin::v1::Locations& locations);

// What a change of members would move.
std::string PlanText(const admin::v1::Plan& plan);

}  // namespace ringcache::ringctl

#endif  // RINGCACHE_TOOLS_RINGCTL_RING_TEXT_H_

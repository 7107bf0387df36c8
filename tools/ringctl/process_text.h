// What one process is and does, as text.
//
// Thread safety: functions only.

#ifndef RINGCACHE_TOOLS_RINGCTL_PROCESS_TEXT_H_
#define RINGCACHE_TOOLS_RINGCTL_PROCESS_TEXT_H_

#include <string>

#include "admin/proto/admin.pb.h"
#include "tools/ringctl/answers.pb.h"

namespace ringcache::ringctl {

// "serving", or "not serving: ..." with the reason.
std::string HealthText(const HealthAnswer& answer);
std::string ProgramText(const admin::v1::Program& program);
std::string SettingsText(const admin::v1::Settings& settings);
std::string HotKeysText(const admin::v1::HotKeys& hot_keys);
// "announcing, 4 s left, 12 connections".
std::string DrainText(const admin::v1::DrainProgress& progress);

}  // namespace ringcache::ringctl

#endif  // RINGCACHE_TOOLS_RINGCTL_PROCESS_TEXT_H_

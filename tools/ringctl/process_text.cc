#include "tools/ringctl/process_text.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "tools/table/text_table.h"

namespace ringcache::ringctl {
namespace {

using admin::v1::DrainProgress;
using admin::v1::HotKeys;
using admin::v1::Program;
using admin::v1::Settings;
using table::TextTable;
using table::WithSeparators;

absl::string_view KindWord(Program::Kind kind) {
  switch (kind) {
    case Program::SERVER:
      return "server";
    case Program::ROUTER:
      return "router";
    case Program::SIDECAR:
      return "sidecar";
    default:
      return "of a kind that is not known";
  }
}

}  // namespace

std::string HealthText(const HealthAnswer& answer) {
  if (answer.serving()) return "serving\n";
  return absl::StrCat("not serving", answer.reason().empty() ? "" : ": ", answer.reason(), "\n");
}

std::string ProgramText(const Program& program) {
  TextTable table("ll");
  table.AddRow({"program", std::string(KindWord(program.kind()))});
  table.AddRow({"version", program.version()});
  table.AddRow({"serves", program.serves()});
  table.AddRow({"host", program.host()});
  table.AddRow({"pid", absl::StrCat(program.pid())});
  return table.ToString();
}

std::string SettingsText(const Settings& settings) {
  TextTable table("ll");
  for (const Settings::Setting& setting : settings.settings()) {
    table.AddRow({setting.name(), setting.value()});
  }
  return table.ToString();
}

std::string HotKeysText(const HotKeys& hot_keys) {
  if (hot_keys.keys().empty()) return "no key is asked for often\n";
  TextTable table("rrll");
  table.AddRow({"requests/s", "error", "that", "key"});
  for (const HotKeys::HotKey& key : hot_keys.keys()) {
    table.AddRow({absl::StrFormat("%.1f", key.rate()), absl::StrFormat("%.1f", key.error()),
                  key.writes() ? "write" : "read", absl::CHexEscape(key.key())});
  }
  return table.ToString();
}

std::string DrainText(const DrainProgress& progress) {
  if (!progress.draining()) return "does not drain\n";
  const double left =
      static_cast<double>(progress.left().seconds()) + 1e-9 * progress.left().nanos();
  return absl::StrCat(progress.phase().empty() ? "ending" : progress.phase(),
                      left > 0 ? absl::StrFormat(", %.0f s left at most", left) : "", ", ",
                      WithSeparators(progress.connections()),
                      progress.connections() == 1 ? " connection" : " connections", "\n");
}

}  // namespace ringcache::ringctl

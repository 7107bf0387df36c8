#include "tools/ringctl/ring_commands.h"

#include <grpcpp/grpcpp.h>

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "admin/proto/admin.grpc.pb.h"
#include "tools/ringctl/json.h"
#include "tools/ringctl/ring_text.h"

namespace ringcache::ringctl {
namespace {

using admin::v1::LocateKeysRequest;
using admin::v1::Locations;
using admin::v1::Plan;
using admin::v1::PlanChangeRequest;
using admin::v1::Ring;
using admin::v1::Rings;
using Stub = AdminConnection::Stub;

// Leaves the pool that was asked for; false, with a complaint, if there is none.
bool KeepPool(const CommandLine& line, Rings* rings, Console* console) {
  if (line.pool.empty()) return true;
  std::vector<std::string> names;
  Rings kept;
  for (const Ring& ring : rings->rings()) {
    names.push_back(ring.pool());
    if (ring.pool() == line.pool) *kept.add_rings() = ring;
  }
  if (kept.rings().empty()) {
    console->Complain(
        ExitStatus::kRefused,
        absl::StrCat("there is no pool '", line.pool, "'; there are ", absl::StrJoin(names, ", ")));
    return false;
  }
  *rings = kept;
  return true;
}

void ShowRings(const CommandLine& line, AdminConnection* connection, Console* console) {
  Rings rings;
  const grpc::Status status = connection->Call(&Stub::GetRing, {}, &rings);
  if (!status.ok()) return console->Complain(connection->Explain(status));
  if (!KeepPool(line, &rings, console)) return;
  console->Write(line.json ? ToJson(rings) : RingsText(rings));
}

void WatchRings(const CommandLine& line, AdminConnection* connection, Console* console) {
  grpc::ClientContext context;
  const auto stream = connection->stub()->WatchRing(&context, {});
  Rings rings;
  while (stream->Read(&rings)) {
    if (!KeepPool(line, &rings, console)) return context.TryCancel();
    if (!line.json) console->Renew();
    console->Write(line.json ? ToJson(rings) : RingsText(rings));
    if (!console->Flush()) return context.TryCancel();
    rings.Clear();
  }
  const grpc::Status status = stream->Finish();
  if (!status.ok()) console->Complain(connection->Explain(status));
}

void Locate(const CommandLine& line, AdminConnection* connection, Console* console) {
  LocateKeysRequest request;
  request.set_pool(line.pool);
  request.set_members(line.owners);
  for (const std::string& key : line.keys) request.add_keys(key);
  Locations locations;
  const grpc::Status status = connection->Call(&Stub::LocateKeys, request, &locations);
  if (!status.ok()) return console->Complain(connection->Explain(status));
  console->Write(line.json ? ToJson(locations) : LocationsText(locations));
}

void PlanChange(const CommandLine& line, AdminConnection* connection, Console* console) {
  PlanChangeRequest request;
  request.set_pool(line.pool);
  request.set_count(static_cast<std::uint32_t>(line.members));
  for (const std::string& member : line.add) request.add_add(member);
  for (const std::string& member : line.remove) request.add_remove(member);
  Plan plan;
  const grpc::Status status = connection->Call(&Stub::PlanChange, request, &plan);
  if (!status.ok()) return console->Complain(connection->Explain(status));
  console->Write(line.json ? ToJson(plan) : PlanText(plan));
}

}  // namespace

void RunRingCommand(const CommandLine& line, AdminConnection* connection, Console* console) {
  if (line.command == Command::kLocate) return Locate(line, connection, console);
  if (line.command == Command::kPlan) return PlanChange(line, connection, console);
  if (line.watch_s > 0) return WatchRings(line, connection, console);
  return ShowRings(line, connection, console);
}

}  // namespace ringcache::ringctl

#include "router/replay/spool_gates.h"

#include <utility>

#include "router/spool/file_name.h"

namespace ringcache::router {

SpoolGates::SpoolGates(Spool* spool, std::function<void(SpoolGate*)> on_kept)
    : spool_(*spool), on_kept_(std::move(on_kept)) {
  for (const std::string& member : spool->Members()) (void)Find(member);
}

SpoolGate* SpoolGates::Find(const std::string& member) {
  if (!CanNameFiles(member)) return nullptr;
  {
    const net::MutexLock lock(&mutex_);
    const auto found = gates_.find(member);
    if (found != gates_.end()) return found->second.get();
  }
  // It asks the spool, and so is made without the mutex; of two that are made the first one stays.
  auto made = std::make_unique<SpoolGate>(&spool_, member, on_kept_);
  const net::MutexLock lock(&mutex_);
  return gates_.try_emplace(member, std::move(made)).first->second.get();
}

std::vector<SpoolGate*> SpoolGates::All() const {
  const net::MutexLock lock(&mutex_);
  std::vector<SpoolGate*> all;
  for (const auto& [member, gate] : gates_) all.push_back(gate.get());
  return all;
}

}  // namespace ringcache::router

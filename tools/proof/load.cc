#include "tools/proof/load.h"

#include <utility>

#include "absl/time/clock.h"
#include "tools/proof/phase_figures.h"

namespace ringcache::proof {

Load::Load(const LoadOptions& options) : ledger_(options.keys), phase_began_(absl::Now()) {
  for (std::size_t i = 0; i < options.clients; ++i) {
    clients_.push_back(std::make_unique<LoadClient>(options, i, &ledger_));
  }
  for (auto& client : clients_) threads_.emplace_back([&client] { client->Run(); });
}

Load::~Load() {
  for (auto& client : clients_) client->Stop();
  for (std::thread& thread : threads_) thread.join();
}

void Load::Rewrite() {
  ++rewrites_;
  for (auto& client : clients_) client->Rewrite();
  for (auto& client : clients_) {
    while (client->rewritten() < rewrites_) absl::SleepFor(absl::Milliseconds(1));
  }
}

std::string Load::EndPhase(absl::string_view name) {
  PhaseFigures figures;
  for (auto& client : clients_) figures.Add(client->TakeFigures());
  const absl::Time now = absl::Now();
  const absl::Duration took = now - std::exchange(phase_began_, now);
  return figures.ToJson(name, absl::ToDoubleSeconds(took));
}

}  // namespace ringcache::proof

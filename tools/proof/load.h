// All clients of a load, each on a thread of its own, from creation to destruction.
//
// Thread safety: none.

#ifndef RINGCACHE_TOOLS_PROOF_LOAD_H_
#define RINGCACHE_TOOLS_PROOF_LOAD_H_

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "tools/proof/key_ledger.h"
#include "tools/proof/load_client.h"

namespace ringcache::proof {

class Load {
 public:
  explicit Load(const LoadOptions& options);
  ~Load();

  // Returns when every key was stored once more, or could not be.
  void Rewrite();
  // The figures since the last call, as JSON.
  std::string EndPhase(absl::string_view name);

 private:
  KeyLedger ledger_;
  std::vector<std::unique_ptr<LoadClient>> clients_;
  std::vector<std::thread> threads_;
  absl::Time phase_began_;
  int rewrites_ = 0;
};

}  // namespace ringcache::proof

#endif  // RINGCACHE_TOOLS_PROOF_LOAD_H_

// Serves the metrics of a backend that knows every figure, until its input ends: for tests of what
// reads metrics. Prints the port.

#include <cstdio>

#include "admin/metrics/exposer.h"
#include "admin/metrics/full_backend.h"

int main() {
  const auto backend = ringcache::admin::FullBackend();
  const auto exposer = ringcache::admin::MetricsExposer::Start("127.0.0.1", 0, backend.get());
  if (!exposer.ok()) {
    std::fprintf(stderr, "%s\n", exposer.status().ToString().c_str());
    return 1;
  }
  std::printf("%d\n", (*exposer)->port());
  std::fflush(stdout);
  while (std::getchar() != EOF) {
  }
  return 0;
}

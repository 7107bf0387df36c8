#include "admin/sidecar/stock_memcached.h"

#include <pthread.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

namespace ringcache::admin {
namespace {

client::BlockingOptions OptionsFor() {
  client::BlockingOptions options;
  options.cluster.timeout = StockMemcached::kTimeout;
  // Who is asked this often need not be marked down: each question tells anew.
  options.cluster.member.timeouts_to_down = 0;
  options.cluster.max_down_members = 0;
  return options;
}

}  // namespace

StockMemcached::StockMemcached(std::string address, std::unique_ptr<client::BlockingClient> client,
                               std::unique_ptr<net::EpollEventLoop> loop)
    : address_(std::move(address)),
      client_(std::move(client)),
      loop_(std::move(loop)),
      answered_at_(absl::Now()) {
  sign_.problem = absl::StrCat(address_, " has not answered yet");
}

absl::StatusOr<std::unique_ptr<StockMemcached>> StockMemcached::Follow(const std::string& address) {
  auto client = client::BlockingClient::Connect(address, OptionsFor());
  if (!client.ok()) return client.status();
  auto loop = net::EpollEventLoop::Create();
  if (!loop.ok()) return loop.status();
  std::unique_ptr<StockMemcached> memcached(
      new StockMemcached(address, *std::move(client), *std::move(loop)));
  memcached->thread_ = std::thread([memcached = memcached.get()] {
    (void)pthread_setname_np(pthread_self(), "rc-memcached");
    memcached->Look();
    memcached->loop_->Run();
  });
  return memcached;
}

StockMemcached::~StockMemcached() {
  loop_->Stop();
  if (thread_.joinable()) thread_.join();
}

// On the thread that looks.
void StockMemcached::Look() {
  const std::vector<client::MemberResult> results = client_->Version();
  const absl::Status status = StatusOf(results);
  {
    net::MutexLock lock(&mutex_);
    sign_.answers = status.ok();
    sign_.problem = std::string(status.message());
    if (status.ok()) {
      sign_.answered_once = true;
      sign_.version = results[0].result.text;
      answered_at_ = absl::Now();
    }
  }
  loop_->RunAfter(kPeriod, [this] { Look(); });
}

StockMemcached::Sign StockMemcached::LastSign() const {
  net::MutexLock lock(&mutex_);
  Sign sign = sign_;
  sign.silent_for = absl::Now() - answered_at_;
  return sign;
}

absl::Status StockMemcached::StatusOf(const std::vector<client::MemberResult>& results) const {
  if (results.empty()) return absl::UnavailableError(absl::StrCat(address_, " is not known"));
  const client::Result& result = results[0].result;
  if (result.ok()) return absl::OkStatus();
  const std::string text = absl::StrCat(address_, ": ", client::Describe(result));
  return result.outcome == client::Outcome::kRefused ? absl::FailedPreconditionError(text)
                                                     : absl::UnavailableError(text);
}

absl::StatusOr<std::string> StockMemcached::Stats(const std::string& group) {
  // Held while it is asked: who comes meanwhile is served from this answer.
  net::MutexLock lock(&kept_mutex_);
  Kept& kept = kept_[group];
  if (absl::Now() - kept.taken < kMaxAge) return kept.reply;
  const std::vector<client::MemberResult> results = client_->Stats(group);
  if (const absl::Status status = StatusOf(results); !status.ok()) return status;
  kept.reply.clear();
  for (const auto& [name, value] : results[0].stats) {
    absl::StrAppend(&kept.reply, "STAT ", name, " ", value, "\r\n");
  }
  absl::StrAppend(&kept.reply, "END\r\n");
  kept.taken = absl::Now();
  return kept.reply;
}

absl::Status StockMemcached::ResetStats() { return StatusOf(client_->Stats("reset")); }

absl::Status StockMemcached::SetVerbosity(std::uint32_t level) {
  return StatusOf(client_->Verbosity(level));
}

absl::Status StockMemcached::Flush(absl::Duration delay) {
  return StatusOf(client_->FlushAll(absl::ToInt64Seconds(delay)));
}

}  // namespace ringcache::admin

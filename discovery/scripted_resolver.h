// A resolver for tests that knows what it is told, and takes the time that it is told, in whatever
// time its loop has.
//
// Thread safety: belongs to its loop's thread.

#ifndef RINGCACHE_DISCOVERY_SCRIPTED_RESOLVER_H_
#define RINGCACHE_DISCOVERY_SCRIPTED_RESOLVER_H_

#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "discovery/dns_resolver.h"
#include "net/event_loop.h"

namespace ringcache::discovery {

class ScriptedResolver final : public DnsResolver {
 public:
  explicit ScriptedResolver(net::EventLoop* loop) : loop_(loop) {}
  ~ScriptedResolver() override {
    for (const auto& [query, timer] : timers_) loop_->CancelTimer(timer);
  }

  // What a name has of a type. A name of which nothing was set does not exist.
  void Set(const std::string& name, DnsType type, std::vector<DnsRecord> records) {
    records_[{name, type}] = std::move(records);
  }
  void Remove(const std::string& name, DnsType type) { records_.erase({name, type}); }
  void Clear() { records_.clear(); }

  // Every question, or those of a type, fails so; kNone ends it.
  void FailWith(DnsError error) { error_ = error; }
  void FailWith(DnsType type, DnsError error) { type_errors_[type] = error; }
  // May change any reply.
  std::function<void(const std::string& name, DnsType type, DnsReply* reply)> adapt = nullptr;
  absl::Duration latency = absl::Milliseconds(1);
  SearchPath path = {};
  // Names, in order.
  std::vector<std::string> asked = {};
  std::size_t in_flight_max = 0;

  QueryId Query(const std::string& name, DnsType type, Callback done) override {
    asked.push_back(name);
    const QueryId query = ++last_;
    timers_[query] = loop_->RunAfter(latency, [this, query, name, type, done = std::move(done)] {
      timers_.erase(query);
      done(Reply(name, type));
    });
    in_flight_max = std::max(in_flight_max, timers_.size());
    return query;
  }
  void Cancel(QueryId query) override {
    const auto found = timers_.find(query);
    if (found == timers_.end()) return;
    loop_->CancelTimer(found->second);
    timers_.erase(found);
  }
  const SearchPath& search_path() const override { return path; }
  bool IsLocalName(const std::string& name) const override { return name == "localhost"; }

 private:
  DnsError ErrorFor(const std::string& name, DnsType type) const {
    if (error_ != DnsError::kNone) return error_;
    const auto of_type = type_errors_.find(type);
    if (of_type != type_errors_.end() && of_type->second != DnsError::kNone) return of_type->second;
    const bool exists = std::any_of(records_.begin(), records_.end(), [&name](const auto& entry) {
      return entry.first.first == name;
    });
    return exists ? DnsError::kNone : DnsError::kNotFound;
  }
  DnsReply Reply(const std::string& name, DnsType type) const {
    DnsReply reply;
    reply.error = ErrorFor(name, type);
    reply.answer.question = name;
    reply.answer.question_type = type;
    const auto found = records_.find({name, type});
    if (reply.error == DnsError::kNone && found != records_.end()) {
      reply.answer.answers = found->second;
    }
    if (adapt) adapt(name, type, &reply);
    if (reply.error != DnsError::kNone) reply.problem = "scripted trouble with " + name;
    return reply;
  }

  net::EventLoop* const loop_;
  std::map<std::pair<std::string, DnsType>, std::vector<DnsRecord>> records_;
  DnsError error_ = DnsError::kNone;
  std::map<DnsType, DnsError> type_errors_;
  QueryId last_ = 0;
  std::map<QueryId, net::EventLoop::TimerId> timers_;
};

}  // namespace ringcache::discovery

#endif  // RINGCACHE_DISCOVERY_SCRIPTED_RESOLVER_H_

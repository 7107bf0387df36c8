#include "discovery/cares_resolver.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace ringcache::discovery {

absl::Status CaresOptions::Validate() const {
  // Past these the time of a question has no useful bound.
  if (timeout < absl::Milliseconds(1) || timeout > absl::Seconds(60)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "the DNS timeout is ", absl::FormatDuration(timeout), "; it may be from 1ms to 60s"));
  }
  if (tries < 1 || tries > 10) {
    return absl::InvalidArgumentError(
        absl::StrCat("a DNS question is to be tried ", tries, " times; it may be from 1 to 10"));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<CaresResolver>> CaresResolver::Create(net::EventLoop* loop,
                                                                     const CaresOptions& options) {
  if (const absl::Status status = options.Validate(); !status.ok()) return status;
  std::unique_ptr<CaresResolver> resolver(new CaresResolver(loop, options));
  const CaresChannel::Options channel = {options.servers, options.resolv_conf, options.timeout,
                                         options.tries};
  using Kind = CaresChannel::Kind;
  for (const auto& [slot, kind] :
       {std::pair(&resolver->udp_, Kind::kUdp), std::pair(&resolver->tcp_, Kind::kTcp),
        std::pair(&resolver->as_answered_, Kind::kUdpAsAnswered)}) {
    absl::StatusOr<std::unique_ptr<CaresChannel>> created =
        CaresChannel::Create(loop, channel, kind);
    if (!created.ok()) return created.status();
    *slot = *std::move(created);
  }
  resolver->search_path_ =
      options.search_path.has_value() ? *options.search_path : resolver->udp_->search_path();
  return resolver;
}

CaresResolver::CaresResolver(net::EventLoop* loop, const CaresOptions& options)
    : loop_(loop), hosts_(options.hosts_file), self_(std::make_shared<CaresResolver*>(this)) {}

CaresResolver::~CaresResolver() = default;

bool CaresResolver::IsLocalName(const std::string& name) const {
  return !hosts_.Find(name).empty();
}

DnsResolver::QueryId CaresResolver::Query(const std::string& name, DnsType type, Callback done) {
  const QueryId query = ++last_query_;
  callbacks_.emplace(query, std::move(done));
  if (AnswerFromHosts(query, name, type)) return query;
  udp_->Ask(name, type, [this, query, name, type](DnsReply reply) {
    TakeOverUdp(query, name, type, std::move(reply));
  });
  return query;
}

bool CaresResolver::AnswerFromHosts(QueryId query, const std::string& name, DnsType type) {
  if (type != DnsType::kA && type != DnsType::kAaaa) return false;
  const std::vector<DnsRecord> records = hosts_.Find(name);
  if (records.empty()) return false;
  DnsReply reply;
  reply.answer.question = name;
  reply.answer.question_type = type;
  for (const DnsRecord& record : records) {
    if (record.type == type) reply.answer.answers.push_back(record);
  }
  Deliver(query, std::move(reply));
  return true;
}

void CaresResolver::TakeOverUdp(QueryId query, const std::string& name, DnsType type,
                                DnsReply reply) {
  if (callbacks_.count(query) == 0) return;
  if (reply.error == DnsError::kUnreachable) {
    return AskForTheReason(query, name, type, std::move(reply));
  }
  if (!reply.answer.truncated) return Deliver(query, std::move(reply));
  tcp_->Ask(name, type, [this, query, first = std::move(reply)](DnsReply second) mutable {
    const bool better = second.error == DnsError::kNone || second.error == DnsError::kNotFound;
    DnsReply& best = better ? second : first;
    best.asked_over_tcp = true;
    Deliver(query, std::move(best));
  });
}

void CaresResolver::AskForTheReason(QueryId query, const std::string& name, DnsType type,
                                    DnsReply reply) {
  as_answered_->Ask(name, type, [this, query, first = std::move(reply)](DnsReply second) mutable {
    // If it is well again, or does not answer at all, the next refresh will tell.
    const bool tells =
        second.error == DnsError::kServerFailure || second.error == DnsError::kRefused;
    Deliver(query, std::move(tells ? second : first));
  });
}

void CaresResolver::Deliver(QueryId query, DnsReply reply) {
  const std::weak_ptr<CaresResolver*> weak = self_;
  loop_->Post([weak, query, reply = std::move(reply)] {
    const std::shared_ptr<CaresResolver*> self = weak.lock();
    if (self == nullptr) return;
    // Taken out first: the callback may ask, cancel, or destroy the resolver.
    auto node = (*self)->callbacks_.extract(query);
    if (!node.empty()) node.mapped()(reply);
  });
}

}  // namespace ringcache::discovery

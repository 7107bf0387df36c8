#include "discovery/cares_channel.h"

#include <sys/time.h>

#include <mutex>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"

namespace ringcache::discovery {
namespace {

// What fits into a packet on nearly every path (the DNS flag day of 2020): some forty SRV records
// instead of the eight that fit into 512 bytes.
constexpr int kUdpAnswerBytes = 1232;

// c-ares' one-time set-up, which is not thread-safe, and which nobody has to undo.
void InitializeLibrary() {
  static std::once_flag once;
  std::call_once(once, [] { ares_library_init(ARES_LIB_INIT_ALL); });
}

DnsError ErrorOf(int status) {
  switch (status) {
    case ARES_ENOTFOUND:
      return DnsError::kNotFound;
    case ARES_ETIMEOUT:
      return DnsError::kTimeout;
    case ARES_EREFUSED:
      return DnsError::kRefused;
    case ARES_ECONNREFUSED:
      return DnsError::kUnreachable;
    case ARES_EBADNAME:
    case ARES_EBADRESP:
    case ARES_EFORMERR:
      return DnsError::kMalformed;
    default:  // c-ares' codes, not ours: some thirty, most of them of other functions
      return DnsError::kServerFailure;
  }
}

absl::string_view TypeName(DnsType type) {
  switch (type) {
    case DnsType::kA:
      return "A";
    case DnsType::kCname:
      return "CNAME";
    case DnsType::kPtr:
      return "PTR";
    case DnsType::kAaaa:
      return "AAAA";
    case DnsType::kSrv:
      return "SRV";
  }
  return "other";
}

DnsReply Failure(DnsError error, const std::string& name, DnsType type, absl::string_view why) {
  DnsReply reply;
  reply.error = error;
  reply.problem = absl::StrCat("asking for the ", TypeName(type), " of ", name, ": ", why);
  return reply;
}

// What c-ares calls back with, for one question.
struct Question {
  std::string name;
  DnsType type;
  CaresChannel::Callback done;
};

DnsReply MakeReply(const Question& question, int status, absl::string_view message) {
  if (message.empty()) {
    return Failure(ErrorOf(status), question.name, question.type, ares_strerror(status));
  }
  absl::StatusOr<DnsAnswer> answer = ParseDnsAnswer(message);
  if (!answer.ok()) {
    return Failure(DnsError::kMalformed, question.name, question.type, answer.status().message());
  }
  if (answer->question != question.name || answer->question_type != question.type) {
    return Failure(DnsError::kMalformed, question.name, question.type,
                   "the answer is to another question");
  }
  DnsReply reply;
  if (answer->rcode == kRcodeNameError) {
    reply = Failure(DnsError::kNotFound, question.name, question.type, "there is no such name");
  } else if (answer->rcode != kRcodeNoError) {
    reply = Failure(answer->rcode == kRcodeRefused ? DnsError::kRefused : DnsError::kServerFailure,
                    question.name, question.type,
                    absl::StrCat("the server's error is ", answer->rcode));
  }
  reply.answer = *std::move(answer);
  return reply;
}

void OnAnswer(void* argument, int status, int /*timeouts*/, unsigned char* bytes, int size) {
  const std::unique_ptr<Question> question(static_cast<Question*>(argument));
  if (status == ARES_EDESTRUCTION || status == ARES_ECANCELLED) return;
  const absl::string_view message(reinterpret_cast<const char*>(bytes),
                                  bytes == nullptr ? 0 : static_cast<std::size_t>(size));
  question->done(MakeReply(*question, status, message));
}

}  // namespace

// A socket of c-ares', watched from when it is opened until it is closed.
class CaresChannel::Socket final : public net::DescriptorWatcher {
 public:
  Socket(CaresChannel* channel, ares_socket_t socket) : channel_(channel), socket_(socket) {}
  ~Socket() override {
    if (watched_) channel_->loop_->Unwatch(socket_, this);
  }

  // A socket that the kernel has no room to watch is as one whose server is silent: it times out.
  void WaitFor(bool read, bool write) {
    if (watched_) {
      channel_->loop_->Update(socket_, read, write, this);
    } else {
      watched_ = channel_->loop_->Watch(socket_, read, write, this);
    }
  }

 private:
  void OnReady(bool readable, bool writable) override {
    // c-ares may close the socket, and so destroy this.
    channel_->Process(readable ? socket_ : ARES_SOCKET_BAD, writable ? socket_ : ARES_SOCKET_BAD);
  }

  CaresChannel* const channel_;
  const ares_socket_t socket_;
  bool watched_ = false;
};

CaresChannel::CaresChannel(net::EventLoop* loop) : loop_(loop) {}

absl::StatusOr<std::unique_ptr<CaresChannel>> CaresChannel::Create(net::EventLoop* loop,
                                                                   const Options& options,
                                                                   Kind kind) {
  InitializeLibrary();
  std::unique_ptr<CaresChannel> channel(new CaresChannel(loop));
  if (const absl::Status status = channel->Open(options, kind); !status.ok()) return status;
  return channel;
}

absl::Status CaresChannel::Open(const Options& options, Kind kind) {
  ares_options settings = {};
  settings.flags = ARES_FLAG_IGNTC | ARES_FLAG_EDNS;
  if (kind == Kind::kTcp) settings.flags |= ARES_FLAG_USEVC;
  if (kind == Kind::kUdpAsAnswered) settings.flags |= ARES_FLAG_NOCHECKRESP;
  settings.ednspsz = kUdpAnswerBytes;
  settings.timeout = static_cast<int>(absl::ToInt64Milliseconds(options.timeout));
  settings.tries = options.tries;
  settings.sock_state_cb = &CaresChannel::OnSocketState;
  settings.sock_state_cb_data = this;
  std::string path = options.resolv_conf;
  settings.resolvconf_path = path.data();
  int set = ARES_OPT_FLAGS | ARES_OPT_EDNSPSZ | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES |
            ARES_OPT_SOCK_STATE_CB;
  if (!path.empty()) set |= ARES_OPT_RESOLVCONF;
  if (const int status = ares_init_options(&channel_, &settings, set); status != ARES_SUCCESS) {
    channel_ = nullptr;
    return absl::InvalidArgumentError(absl::StrCat("cannot set up DNS as \"", options.resolv_conf,
                                                   "\" says: ", ares_strerror(status)));
  }
  if (options.servers.empty()) return absl::OkStatus();
  const std::string servers = absl::StrJoin(options.servers, ",");
  if (ares_set_servers_ports_csv(channel_, servers.c_str()) != ARES_SUCCESS) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", servers, "\" is not a list of name servers; write 10.96.0.10, ",
                     "127.0.0.1:5353 or [::1]:53"));
  }
  return absl::OkStatus();
}

CaresChannel::~CaresChannel() {
  if (channel_ != nullptr) ares_destroy(channel_);
  if (timer_ != 0) loop_->CancelTimer(timer_);
}

void CaresChannel::Ask(const std::string& name, DnsType type, Callback done) {
  constexpr int kClassInternet = 1;
  auto question = std::make_unique<Question>(Question{name, type, std::move(done)});
  ares_query(channel_, name.c_str(), kClassInternet, static_cast<int>(type), &OnAnswer,
             question.release());
  SetTimer();
}

SearchPath CaresChannel::search_path() const {
  SearchPath path;
  ares_options saved = {};
  int set = 0;
  if (ares_save_options(channel_, &saved, &set) == ARES_SUCCESS) {
    path.domains.assign(saved.domains, saved.domains + saved.ndomains);
    path.ndots = saved.ndots;
  }
  ares_destroy_options(&saved);
  return path;
}

void CaresChannel::OnSocketState(void* self, ares_socket_t socket, int readable, int writable) {
  static_cast<CaresChannel*>(self)->WatchSocket(socket, readable != 0, writable != 0);
}

void CaresChannel::WatchSocket(ares_socket_t socket, bool readable, bool writable) {
  if (!readable && !writable) {
    sockets_.erase(socket);  // c-ares closes it next
    return;
  }
  std::unique_ptr<Socket>& watched = sockets_[socket];
  if (watched == nullptr) watched = std::make_unique<Socket>(this, socket);
  watched->WaitFor(readable, writable);
}

void CaresChannel::Process(ares_socket_t readable, ares_socket_t writable) {
  ares_process_fd(channel_, readable, writable);
  SetTimer();
}

void CaresChannel::SetTimer() {
  if (timer_ != 0) loop_->CancelTimer(timer_);
  timer_ = 0;
  timeval left = {};
  if (ares_timeout(channel_, nullptr, &left) == nullptr) return;  // nothing is under way
  timer_ = loop_->RunAfter(absl::DurationFromTimeval(left), [this] {
    timer_ = 0;
    Process(ARES_SOCKET_BAD, ARES_SOCKET_BAD);
  });
}

}  // namespace ringcache::discovery

#include "discovery/file_source.h"

#include <fcntl.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "discovery/discovery_address.h"

namespace ringcache::discovery {
namespace {

// The link that kubelet replaces when a ConfigMap or a Secret changes.
constexpr absl::string_view kConfigMapLink = "..data";
// Not IN_MODIFY: a file that is being written is not to be read before it is closed.
constexpr std::uint32_t kFolderEvents = IN_CLOSE_WRITE | IN_MOVED_TO | IN_CREATE | IN_DELETE |
                                        IN_MOVED_FROM | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR;

std::string FolderOf(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

}  // namespace

FileSource::FileSource(net::EventLoop* loop, DnsResolver* resolver, std::string path)
    : loop_(loop),
      resolver_(resolver),
      path_(std::move(path)),
      folder_(FolderOf(path_)),
      file_name_(path_.substr(path_.rfind('/') + 1)),
      inotify_(inotify_init1(IN_NONBLOCK | IN_CLOEXEC)) {
  if (inotify_.valid()) {
    is_polled_ = loop_->Watch(inotify_.get(), /*read=*/true, /*write=*/false, this);
  }
}

FileSource::~FileSource() {
  Cancel();
  if (is_polled_) loop_->Unwatch(inotify_.get(), this);
}

void FileSource::WatchFolder() {
  if (is_watched_ || !is_polled_) return;
  is_watched_ = inotify_add_watch(inotify_.get(), folder_.c_str(), kFolderEvents) >= 0;
}

void FileSource::OnReady(bool /*readable*/, bool /*writable*/) {
  alignas(inotify_event) char buffer[4096];
  bool concerns_file = false;
  for (;;) {
    const ssize_t size = read(inotify_.get(), buffer, sizeof(buffer));
    if (size <= 0) break;
    for (ssize_t at = 0; at < size;) {
      const auto* event = reinterpret_cast<const inotify_event*>(buffer + at);
      at += static_cast<ssize_t>(sizeof(inotify_event) + event->len);
      const absl::string_view name(event->name, event->len == 0 ? 0 : std::strlen(event->name));
      // Of the folder itself: it is watched anew when the file is next read.
      if ((event->mask & (IN_IGNORED | IN_MOVE_SELF)) != 0) is_watched_ = false;
      concerns_file = concerns_file || name.empty() || name == file_name_ || name == kConfigMapLink;
    }
  }
  if (concerns_file && changed_ != nullptr) changed_();
}

absl::StatusOr<std::string> FileSource::Read() const {
  // Not to wait for the writer of a pipe.
  const net::Descriptor file(open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.valid()) return absl::ErrnoToStatus(errno, absl::StrCat("cannot open ", path_));
  struct stat status = {};
  if (fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) {
    return absl::InvalidArgumentError(absl::StrCat(path_, " is not a file"));
  }
  std::string text;
  char buffer[16384];
  for (;;) {
    const ssize_t size = read(file.get(), buffer, sizeof(buffer));
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return absl::ErrnoToStatus(errno, absl::StrCat("cannot read ", path_));
    if (size == 0) return text;
    text.append(buffer, static_cast<std::size_t>(size));
    if (text.size() > kMaxBytes) {
      return absl::InvalidArgumentError(
          absl::StrCat(path_, " has more than ", kMaxBytes, " bytes"));
    }
  }
}

absl::Status FileSource::ReadIfChanged() {
  absl::StatusOr<std::string> text = Read();
  if (!text.ok()) return text.status();
  if (list_ != nullptr && *text == text_) return absl::OkStatus();
  absl::StatusOr<std::vector<WrittenMember>> members = ParseMemberLines(*text);
  if (!members.ok()) {
    return absl::InvalidArgumentError(absl::StrCat(path_, ": ", members.status().message()));
  }
  text_ = *std::move(text);
  list_ = std::make_unique<ListSource>(loop_, resolver_, *std::move(members));
  return absl::OkStatus();
}

void FileSource::Ask(Callback done) {
  WatchFolder();
  const absl::Status status = ReadIfChanged();
  if (status.ok()) return list_->Ask(std::move(done));
  PoolAnswer answer;
  answer.outcome = PoolOutcome::kError;
  answer.problem = std::string(status.message());
  timer_ = loop_->RunAfter(absl::ZeroDuration(),
                           [this, done = std::move(done), answer = std::move(answer)] {
                             timer_ = 0;
                             done(answer);
                           });
}

void FileSource::Cancel() {
  if (timer_ != 0) loop_->CancelTimer(timer_);
  timer_ = 0;
  if (list_ != nullptr) list_->Cancel();
}

}  // namespace ringcache::discovery

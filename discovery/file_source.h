// The members of a file, one a line, as a list of them. The folder is watched with inotify, for a
// file that is written anew, renamed over the old one, or, as Kubernetes does with a ConfigMap,
// reached through a link `..data` that is replaced. Where inotify tells nothing, as on network file
// systems, the file is read whenever the source is asked.
//
// Thread safety: belongs to its loop's thread.

#ifndef RINGCACHE_DISCOVERY_FILE_SOURCE_H_
#define RINGCACHE_DISCOVERY_FILE_SOURCE_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "discovery/dns_resolver.h"
#include "discovery/list_source.h"
#include "discovery/pool_source.h"
#include "net/descriptor.h"
#include "net/event_loop.h"

namespace ringcache::discovery {

class FileSource final : public PoolSource, private net::DescriptorWatcher {
 public:
  // Of a file; ten thousand members with names of the greatest length fit.
  static constexpr std::size_t kMaxBytes = 4 << 20;

  // Neither is owned.
  FileSource(net::EventLoop* loop, DnsResolver* resolver, std::string path);
  ~FileSource() override;

  void Ask(Callback done) override;
  void Cancel() override;
  void NotifyOfChanges(std::function<void()> changed) override { changed_ = std::move(changed); }

 private:
  void OnReady(bool readable, bool writable) override;
  // Again if the folder was not there before, or was replaced.
  void WatchFolder();
  absl::Status ReadIfChanged();
  absl::StatusOr<std::string> Read() const;

  net::EventLoop* const loop_;
  DnsResolver* const resolver_;
  const std::string path_;
  const std::string folder_;
  const std::string file_name_;
  std::function<void()> changed_;
  net::Descriptor inotify_;
  bool is_polled_ = false;   // by the loop
  bool is_watched_ = false;  // the folder, by inotify
  std::string text_;
  net::EventLoop::TimerId timer_ = 0;
  std::unique_ptr<ListSource> list_;  // of text_; null before the first good file
};

}  // namespace ringcache::discovery

#endif  // RINGCACHE_DISCOVERY_FILE_SOURCE_H_

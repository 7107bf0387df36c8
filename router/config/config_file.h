// A configuration as it was read: its text, and what is in it, as JSON with `//` and `/* */`
// comments and commas after the last element.
//
//   auto file = ConfigFile::Read("/etc/ringcache/router.json");
//   absl::StatusOr<ConfigNode> pools = (*file)->root().Get("pools");
//
// Thread safety: immutable; shared as std::shared_ptr<const ConfigFile>.

#ifndef RINGCACHE_ROUTER_CONFIG_CONFIG_FILE_H_
#define RINGCACHE_ROUTER_CONFIG_CONFIG_FILE_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "router/config/config_node.h"
#include "router/config/config_places.h"

namespace ringcache::router {

class ConfigFile {
 public:
  // What errors call a configuration that was given on the command line.
  static constexpr absl::string_view kFromFlag = "--config-str";

  // Blocks. Fails if there is no such file, or as Parse does.
  static absl::StatusOr<std::shared_ptr<const ConfigFile>> Read(const std::string& path);
  // `name` stands in front of errors. Fails, naming the line, if `text` is not an object of JSON,
  // if a key is there twice, and past the limits of config_text.h.
  static absl::StatusOr<std::shared_ptr<const ConfigFile>> Parse(std::string name,
                                                                 std::string text);
  ~ConfigFile();
  ConfigFile(const ConfigFile&) = delete;
  ConfigFile& operator=(const ConfigFile&) = delete;

  // The nodes live as long as this.
  ConfigNode root() const;

  const std::string& name() const { return places_.name(); }
  // As it was read, comments included.
  const std::string& text() const { return text_; }
  // Of the text, in lower-case hexadecimals.
  const std::string& md5() const { return md5_; }

 private:
  ConfigFile(std::string name, std::string text);
  absl::Status ParseText();
  absl::Status SyntaxError(absl::string_view errors) const;

  const std::string text_;
  const std::string md5_;
  const ConfigPlaces places_;
  std::unique_ptr<Json::Value> value_;
};

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_CONFIG_CONFIG_FILE_H_

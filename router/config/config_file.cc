// The one-shot MD5 is deprecated for security's sake, which is not asked of it here, and unlike its
// successor works where a machine is set to FIPS rules.
#define OPENSSL_SUPPRESS_DEPRECATED

#include "router/config/config_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "json/reader.h"
#include "json/value.h"
#include "net/descriptor.h"
#include "openssl/md5.h"
#include "router/config/config_text.h"

namespace ringcache::router {
namespace {

std::string Md5Of(absl::string_view text) {
  std::array<unsigned char, MD5_DIGEST_LENGTH> digest;
  MD5(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  return absl::BytesToHexString(
      absl::string_view(reinterpret_cast<const char*>(digest.data()), digest.size()));
}

std::unique_ptr<Json::CharReader> MakeReader() {
  Json::CharReaderBuilder builder;
  Json::CharReaderBuilder::strictMode(&builder.settings_);
  builder["allowTrailingCommas"] = true;
  // Checked beforehand, as the library throws.
  builder["stackLimit"] = static_cast<Json::UInt>(2 * kMaxConfigDepth);
  return std::unique_ptr<Json::CharReader>(builder.newCharReader());
}

}  // namespace

ConfigFile::ConfigFile(std::string name, std::string text)
    : text_(std::move(text)),
      md5_(Md5Of(text_)),
      places_(std::move(name), text_),
      value_(std::make_unique<Json::Value>()) {}

ConfigFile::~ConfigFile() = default;

absl::StatusOr<std::shared_ptr<const ConfigFile>> ConfigFile::Read(const std::string& path) {
  // Not to wait for the writer of a pipe.
  const net::Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.valid()) return absl::ErrnoToStatus(errno, absl::StrCat("cannot open ", path));
  struct stat status = {};
  if (fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) {
    return absl::InvalidArgumentError(absl::StrCat(path, ": is not a file"));
  }
  std::string text;
  std::array<char, 16384> buffer;
  // One byte more than is allowed shows that there are too many.
  while (text.size() <= kMaxConfigBytes) {
    const ssize_t size = read(file.get(), buffer.data(), buffer.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return absl::ErrnoToStatus(errno, absl::StrCat("cannot read ", path));
    if (size == 0) break;
    text.append(buffer.data(), static_cast<std::size_t>(size));
  }
  return Parse(path, std::move(text));
}

absl::StatusOr<std::shared_ptr<const ConfigFile>> ConfigFile::Parse(std::string name,
                                                                    std::string text) {
  std::shared_ptr<ConfigFile> file(new ConfigFile(std::move(name), std::move(text)));
  if (absl::Status status = file->ParseText(); !status.ok()) return status;
  return file;
}

absl::Status ConfigFile::ParseText() {
  std::string json = text_;
  const TextProblem problem = BlankComments(&json);
  if (!problem.what.empty()) return places_.ErrorAt(problem.offset, problem.what);
  if (absl::StripAsciiWhitespace(json).empty()) {
    return places_.ErrorAt(0, "is empty; the least is {\"route\": \"NullRoute\"}");
  }
  std::string errors;
  const char* const begin = json.data();
  if (!MakeReader()->parse(begin, begin + json.size(), value_.get(), &errors)) {
    return SyntaxError(errors);
  }
  if (!value_->isObject()) return places_.ErrorAt(0, "is not an object; it begins with {");
  return absl::OkStatus();
}

// The library gives "* Line 3, Column 7\n  What is wrong\n", perhaps several of these. Its lines
// end with "\r" as well, which is none here.
absl::Status ConfigFile::SyntaxError(absl::string_view errors) const {
  absl::ConsumePrefix(&errors, "* Line ");
  std::size_t line = 1;
  const bool has_line = absl::SimpleAtoi(errors.substr(0, errors.find(',')), &line);
  absl::string_view problem = errors.substr(std::min(errors.find('\n'), errors.size()));
  problem = absl::StripAsciiWhitespace(problem.substr(0, problem.find('\n', 1)));
  std::string words(problem);
  if (!words.empty()) words[0] = absl::ascii_tolower(words[0]);
  return places_.ErrorInLine(has_line ? line : 1, absl::StrCat("is not JSON: ", words));
}

ConfigNode ConfigFile::root() const { return ConfigNode(&places_, value_.get(), ""); }

}  // namespace ringcache::router

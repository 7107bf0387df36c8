#include "tools/floor/floor_options.h"

#include <algorithm>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace ringcache::floor {
namespace {

constexpr std::size_t kMaxBytes = 64 * 1024 * 1024;

// One row per flag; exactly one of the members is set.
struct Flag {
  absl::string_view name;
  absl::string_view help;
  std::string FloorOptions::*text = nullptr;
  std::size_t FloorOptions::*number = nullptr;
  bool FloorOptions::*on = nullptr;
};

constexpr Flag kFlags[] = {
    {.name = "listen", .help = "HOST:PORT or unix:PATH", .text = &FloorOptions::listen},
    {.name = "threads", .help = "each with its own loop", .number = &FloorOptions::threads},
    {.name = "raw", .help = "bare system calls instead of net", .on = &FloorOptions::raw},
    {.name = "reply",
     .help = "get, set, multiget=N or mg: what each request is answered with",
     .text = &FloorOptions::reply},
    {.name = "value-bytes", .help = "of each value", .number = &FloorOptions::value_bytes},
    {.name = "key-bytes", .help = "of each key", .number = &FloorOptions::key_bytes},
    {.name = "request-bytes",
     .help = "received for one reply; 0: as such requests have",
     .number = &FloorOptions::request_bytes},
    {.name = "reply-bytes",
     .help = "of a reply that is only so many bytes; 0: as --reply says",
     .number = &FloorOptions::reply_bytes},
};

absl::Status Set(const Flag& flag, absl::string_view value, FloorOptions* options) {
  if (flag.text != nullptr) {
    options->*flag.text = std::string(value);
  } else if (flag.number != nullptr && !absl::SimpleAtoi(value, &(options->*flag.number))) {
    return absl::InvalidArgumentError(
        absl::StrCat("--", flag.name, " is \"", value, "\", but must be a whole number"));
  }
  return absl::OkStatus();
}

std::string ClassicReply(std::size_t keys, const std::string& key, const std::string& value) {
  std::string reply;
  for (std::size_t i = 0; i < keys; ++i) {
    absl::StrAppend(&reply, "VALUE ", key, " 0 ", value.size(), "\r\n", value, "\r\n");
  }
  return absl::StrCat(reply, "END\r\n");
}

}  // namespace

absl::Status FloorOptions::Validate() const {
  if (threads == 0 || threads > 256) {
    return absl::InvalidArgumentError("--threads must be from 1 to 256");
  }
  if (key_bytes == 0 || key_bytes > 250) {
    return absl::InvalidArgumentError("--key-bytes must be from 1 to 250");
  }
  if (std::max({value_bytes, request_bytes, reply_bytes}) > kMaxBytes) {
    return absl::InvalidArgumentError(absl::StrCat("sizes must be at most ", kMaxBytes));
  }
  return absl::OkStatus();
}

absl::StatusOr<FloorOptions> ReadFloorOptions(absl::Span<const char* const> arguments) {
  FloorOptions options;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    absl::string_view name = arguments[i];
    absl::string_view value;
    const bool is_flag = absl::ConsumePrefix(&name, "--");
    const std::size_t equals = name.find('=');
    const bool has_value = equals != absl::string_view::npos;
    if (has_value) {
      value = name.substr(equals + 1);
      name = name.substr(0, equals);
    }
    const Flag* flag = std::find_if(std::begin(kFlags), std::end(kFlags),
                                    [name](const Flag& row) { return row.name == name; });
    if (!is_flag || flag == std::end(kFlags)) {
      return absl::InvalidArgumentError(
          absl::StrCat("\"", arguments[i], "\" is no flag\n", FloorUsage()));
    }
    if (flag->on != nullptr) {
      options.*flag->on = true;
      continue;
    }
    if (!has_value) {
      if (++i == arguments.size()) {
        return absl::InvalidArgumentError(absl::StrCat("--", name, " needs a value"));
      }
      value = arguments[i];
    }
    if (absl::Status status = Set(*flag, value, &options); !status.ok()) return status;
  }
  if (absl::Status status = options.Validate(); !status.ok()) return status;
  return options;
}

absl::StatusOr<Exchange> MakeExchange(const FloorOptions& options) {
  const std::string key(options.key_bytes, 'k');
  const std::string value(options.value_bytes, 'v');
  Exchange exchange;
  absl::string_view keys_text = options.reply;
  std::size_t keys = 1;
  if (options.reply == "get") {
    exchange = {absl::StrCat("get ", key, "\r\n").size(), ClassicReply(1, key, value)};
  } else if (options.reply == "set") {
    exchange = {absl::StrCat("set ", key, " 0 0 ", value.size(), "\r\n", value, "\r\n").size(),
                "STORED\r\n"};
  } else if (options.reply == "mg") {
    exchange = {absl::StrCat("mg ", key, " v\r\n").size(),
                absl::StrCat("VA ", value.size(), "\r\n", value, "\r\n")};
  } else if (absl::ConsumePrefix(&keys_text, "multiget=") && absl::SimpleAtoi(keys_text, &keys) &&
             keys >= 1 && keys <= 10'000) {
    exchange = {absl::StrCat("get", "\r\n").size() + keys * (1 + key.size()),
                ClassicReply(keys, key, value)};
  } else {
    return absl::InvalidArgumentError(absl::StrCat(
        "--reply is \"", options.reply, "\", but must be get, set, mg or multiget=1 to 10000"));
  }
  if (options.request_bytes > 0) exchange.request_bytes = options.request_bytes;
  if (options.reply_bytes > 0) exchange.reply = std::string(options.reply_bytes, 'r');
  return exchange;
}

std::string FloorUsage() {
  std::string usage = "Answers every so many bytes with a canned reply, and looks at none.\n";
  for (const Flag& flag : kFlags) {
    absl::StrAppend(&usage, "  --", flag.name, "  ", flag.help, "\n");
  }
  return usage;
}

}  // namespace ringcache::floor

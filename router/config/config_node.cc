#include "router/config/config_node.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "flags/nearest_name.h"
#include "json/value.h"

namespace ringcache::router {
namespace {

// Of a text that an error repeats.
constexpr std::size_t kMaxShownBytes = 60;
// Past so many, an error names no keys.
constexpr std::size_t kMaxListedKeys = 24;

bool IsPlain(absl::string_view key) {
  const auto is_plain = [](unsigned char c) {
    return absl::ascii_isalnum(c) || c == '_' || c == '-';
  };
  return !key.empty() && std::all_of(key.begin(), key.end(), is_plain);
}

absl::string_view TextOf(const Json::Value& value) {
  const char* begin = nullptr;
  const char* end = nullptr;
  value.getString(&begin, &end);
  return absl::string_view(begin, static_cast<std::size_t>(end - begin));
}

std::string Described(const Json::Value& value) {
  switch (value.type()) {
    case Json::nullValue:
      return "null";
    case Json::intValue:
      return absl::StrCat(value.asLargestInt());
    case Json::uintValue:
      return absl::StrCat(value.asLargestUInt());
    case Json::realValue:
      return absl::StrCat(value.asDouble());
    case Json::stringValue:
      return ConfigNode::Shown(TextOf(value));
    case Json::booleanValue:
      return value.asBool() ? "true" : "false";
    case Json::arrayValue:
      return "a list";
    case Json::objectValue:
      return "an object";
  }
  return "unknown";
}

std::string UnknownKey(absl::string_view key, absl::Span<const absl::string_view> known) {
  const std::string problem = absl::StrCat("there is no key ", ConfigNode::Shown(key), " here; ");
  const absl::string_view nearest = flags::NearestName(key, known);
  if (!nearest.empty()) return absl::StrCat(problem, "did you mean \"", nearest, "\"?");
  if (known.empty()) return absl::StrCat(problem, "it has none");
  return absl::StrCat(problem, "there are ",
                      absl::StrJoin(known.first(std::min(known.size(), kMaxListedKeys)), ", "),
                      known.size() > kMaxListedKeys ? ", ..." : "");
}

// What `as` makes of the value of that key, or the default.
template <typename Result, typename As>
absl::StatusOr<Result> OrElse(const ConfigNode& node, absl::string_view key, Result otherwise,
                              const As& as) {
  if (!node.Has(key)) return otherwise;
  const absl::StatusOr<ConfigNode> child = node.Get(key);
  if (!child.ok()) return child.status();
  return as(*child);
}

}  // namespace

bool ConfigNode::is_object() const { return value_->isObject(); }
bool ConfigNode::is_array() const { return value_->isArray(); }
bool ConfigNode::is_string() const { return value_->isString(); }
bool ConfigNode::is_number() const { return value_->isNumeric(); }
bool ConfigNode::is_bool() const { return value_->isBool(); }

std::size_t ConfigNode::line() const {
  return places_->LineOf(static_cast<std::size_t>(value_->getOffsetStart()));
}

absl::Status ConfigNode::Error(absl::string_view problem) const {
  return places_->ErrorAt(static_cast<std::size_t>(value_->getOffsetStart()),
                          absl::StrCat(path_, path_.empty() ? "" : ": ", problem));
}

std::string ConfigNode::Shown(absl::string_view text) {
  return absl::StrCat("\"", absl::CHexEscape(text.substr(0, kMaxShownBytes)),
                      text.size() > kMaxShownBytes ? "..." : "", "\"");
}

ConfigNode ConfigNode::Child(absl::string_view key, const Json::Value* value) const {
  std::string path = path_;
  if (IsPlain(key) && key.size() <= kMaxShownBytes) {
    absl::StrAppend(&path, path.empty() ? "" : ".", key);
  } else {
    absl::StrAppend(&path, "[", Shown(key), "]");
  }
  ConfigNode child(places_, value, std::move(path));
  child.expanded_ = expanded_;
  return child;
}

absl::Status ConfigNode::NotA(absl::string_view what) const {
  return Error(absl::StrCat("is ", Described(*value_), ", and should be ", what));
}

absl::StatusOr<std::string> ConfigNode::AsString() const {
  if (!is_string()) return NotA("a string");
  return std::string(TextOf(*value_));
}

absl::StatusOr<std::vector<ConfigNode>> ConfigNode::AsArray() const {
  if (!is_array()) return NotA("a list");
  std::vector<ConfigNode> nodes;
  nodes.reserve(value_->size());
  for (Json::ArrayIndex i = 0; i < value_->size(); ++i) {
    ConfigNode child(places_, &(*value_)[i], absl::StrCat(path_, "[", i, "]"));
    child.expanded_ = expanded_;
    nodes.push_back(std::move(child));
  }
  return nodes;
}

absl::StatusOr<std::vector<std::pair<std::string, ConfigNode>>> ConfigNode::AsObject() const {
  if (!is_object()) return NotA("an object");
  std::vector<std::pair<std::string, ConfigNode>> nodes;
  nodes.reserve(value_->size());
  for (auto it = value_->begin(); it != value_->end(); ++it) {
    std::string key = it.name();
    ConfigNode child = Child(key, &*it);
    nodes.emplace_back(std::move(key), std::move(child));
  }
  return nodes;
}

absl::StatusOr<std::int64_t> ConfigNode::AsInteger(std::int64_t least, std::int64_t most) const {
  const bool is_whole = is_number() && value_->isInt64();
  if (is_whole && value_->asInt64() >= least && value_->asInt64() <= most) return value_->asInt64();
  return NotA(absl::StrCat("a whole number from ", least, " to ", most));
}

absl::StatusOr<double> ConfigNode::AsDouble(double least, double most) const {
  if (is_number() && value_->asDouble() >= least && value_->asDouble() <= most) {
    return value_->asDouble();
  }
  return NotA(absl::StrCat("a number from ", least, " to ", most));
}

absl::StatusOr<bool> ConfigNode::AsBool() const {
  if (!is_bool()) return NotA("true or false");
  return value_->asBool();
}

const Json::Value* ConfigNode::Find(absl::string_view key) const {
  return value_->find(key.data(), key.data() + key.size());
}

bool ConfigNode::Has(absl::string_view key) const { return Find(key) != nullptr; }

absl::StatusOr<ConfigNode> ConfigNode::Get(absl::string_view key) const {
  const Json::Value* const value = Find(key);
  if (value == nullptr) return Error(absl::StrCat("has no \"", key, "\""));
  return Child(key, value);
}

absl::StatusOr<std::string> ConfigNode::GetString(absl::string_view key,
                                                  absl::string_view otherwise) const {
  return OrElse(*this, key, std::string(otherwise),
                [](const ConfigNode& child) { return child.AsString(); });
}

absl::StatusOr<bool> ConfigNode::GetBool(absl::string_view key, bool otherwise) const {
  return OrElse(*this, key, otherwise, [](const ConfigNode& child) { return child.AsBool(); });
}

absl::StatusOr<std::int64_t> ConfigNode::GetInteger(absl::string_view key, std::int64_t otherwise,
                                                    std::int64_t least, std::int64_t most) const {
  return OrElse(*this, key, otherwise,
                [least, most](const ConfigNode& child) { return child.AsInteger(least, most); });
}

absl::StatusOr<double> ConfigNode::GetDouble(absl::string_view key, double otherwise, double least,
                                             double most) const {
  return OrElse(*this, key, otherwise,
                [least, most](const ConfigNode& child) { return child.AsDouble(least, most); });
}

absl::StatusOr<absl::Duration> ConfigNode::GetMilliseconds(absl::string_view key,
                                                           absl::Duration otherwise,
                                                           absl::Duration least,
                                                           absl::Duration most) const {
  return OrElse(
      *this, key, otherwise,
      [least, most](const ConfigNode& child) -> absl::StatusOr<absl::Duration> {
        const std::int64_t low =
            absl::ToInt64Milliseconds(absl::Ceil(least, absl::Milliseconds(1)));
        const std::int64_t high = absl::ToInt64Milliseconds(most);
        if (child.is_number() && child.value_->isInt64()) {
          const std::int64_t number = child.value_->asInt64();
          if (number >= low && number <= high) return absl::Milliseconds(number);
        }
        return child.NotA(absl::StrCat("a whole number of milliseconds from ", low, " to ", high));
      });
}

absl::Status ConfigNode::AllowOnly(std::initializer_list<absl::string_view> keys) const {
  return AllowOnly(absl::MakeConstSpan(keys.begin(), keys.size()));
}

absl::Status ConfigNode::AllowOnly(absl::Span<const absl::string_view> keys) const {
  for (auto it = value_->begin(); it != value_->end(); ++it) {
    const std::string key = it.name();
    if (key == "type" || key == "name") continue;
    if (std::find(keys.begin(), keys.end(), key) != keys.end()) continue;
    return Child(key, &*it).Error(UnknownKey(key, keys));
  }
  return absl::OkStatus();
}

ConfigNode ConfigNode::Expanded(absl::string_view type, absl::string_view key,
                                absl::string_view text) const {
  const auto string_here = [this](absl::string_view string) {
    Json::Value value(string.data(), string.data() + string.size());
    value.setOffsetStart(value_->getOffsetStart());
    value.setOffsetLimit(value_->getOffsetLimit());
    return value;
  };
  auto object = std::make_shared<Json::Value>(Json::objectValue);
  object->setOffsetStart(value_->getOffsetStart());
  object->setOffsetLimit(value_->getOffsetLimit());
  (*object)["type"] = string_here(type);
  if (!key.empty()) (*object)[std::string(key)] = string_here(text);
  ConfigNode node(places_, object.get(), path_);
  node.expanded_ = std::move(object);
  return node;
}

}  // namespace ringcache::router

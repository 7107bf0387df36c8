#include "client/simulation/plain_cache.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "protocol/base64_key.h"
#include "protocol/decimal.h"
#include "protocol/key_iterator.h"
#include "protocol/operation.h"
#include "protocol/reply_writer.h"

namespace ringcache::client {
namespace {

using protocol::MetaFlag;
using protocol::MetaFlags;
using protocol::MetaSetMode;
using protocol::Operation;
using protocol::ReplyKind;
using protocol::Request;
using protocol::StandardReply;

// Larger times to live are Unix times.
constexpr std::int64_t kMaxRelativeSeconds = std::int64_t{30} * 24 * 3600;

std::string Answer(const Request& request, StandardReply reply) {
  if (request.quiet && protocol::QuietHides(request.operation, protocol::KindOf(reply))) return "";
  return std::string(protocol::ReplyText(reply));
}

// As the `WriteX` functions of the protocol write it, at most `max_bytes` bytes.
template <typename Write>
std::string Written(std::size_t max_bytes, Write write) {
  std::string text(max_bytes, '\0');
  text.resize(static_cast<std::size_t>(write(text.data()) - text.data()));
  return text;
}

MetaSetMode ModeOf(const Request& request) {
  switch (request.operation) {
    case Operation::kAdd:
      return MetaSetMode::kAdd;
    case Operation::kReplace:
      return MetaSetMode::kReplace;
    case Operation::kAppend:
      return MetaSetMode::kAppend;
    case Operation::kPrepend:
      return MetaSetMode::kPrepend;
    case Operation::kMetaSet:
      return request.meta.mode;
    default:
      return MetaSetMode::kSet;
  }
}

bool Appends(MetaSetMode mode) {
  return mode == MetaSetMode::kAppend || mode == MetaSetMode::kPrepend;
}

}  // namespace

std::string PlainCache::Execute(const Request& request, absl::string_view value, absl::Time now) {
  now_ = now;
  char scratch[protocol::kMaxKeyBytes];
  key_ = std::string(protocol::KeyBytes(request, scratch));
  if (request.operation >= Operation::kSet && request.operation <= Operation::kCas) {
    return StoreClassic(request, value);
  }
  switch (request.operation) {
    case Operation::kGet:
    case Operation::kGets:
    case Operation::kGat:
    case Operation::kGats:
      return Retrieve(request);
    case Operation::kDelete:
      return Answer(request,
                    items_.erase(key_) > 0 ? StandardReply::kDeleted : StandardReply::kNotFound);
    case Operation::kIncrement:
    case Operation::kDecrement:
      return Arithmetic(request);
    case Operation::kTouch:
      return Touch(request);
    case Operation::kMetaGet:
      return MetaGet(request);
    case Operation::kMetaSet:
      return MetaSet(request, value);
    case Operation::kMetaDelete:
      return MetaDelete(request);
    case Operation::kMetaArithmetic:
      return MetaArithmetic(request);
    case Operation::kMetaDebug:
      return MetaDebug(request);
    case Operation::kMetaNoOp:
      return Answer(request, StandardReply::kMetaNoOp);
    case Operation::kFlushAll:
      Clear();
      return Answer(request, StandardReply::kOk);
    case Operation::kVerbosity:
      return Answer(request, StandardReply::kOk);
    case Operation::kVersion:
      return "VERSION 1.6.0-simulated\r\n";
    case Operation::kStats:
      return Stats();
    default:
      return Answer(request, StandardReply::kError);
  }
}

std::string PlainCache::Retrieve(const Request& request) {
  const bool with_cas =
      request.operation == Operation::kGets || request.operation == Operation::kGats;
  const bool touches =
      request.operation == Operation::kGat || request.operation == Operation::kGats;
  std::string reply;
  protocol::KeyIterator keys(request.keys);
  for (absl::string_view key; keys.Next(&key);) {
    Item* const item = FindLive(key, now_);
    if (item == nullptr) continue;
    if (touches) item->expires = Expiry(request.exptime_s);
    item->fetched = true;
    item->last_access = now_;
    const auto bytes = static_cast<std::uint32_t>(item->value.size());
    reply += Written(protocol::kMaxValueHeaderBytes, [&](char* out) {
      return with_cas ? protocol::WriteValueHeader(out, key, item->flags, bytes, item->cas)
                      : protocol::WriteValueHeader(out, key, item->flags, bytes);
    });
    absl::StrAppend(&reply, item->value, "\r\n");
  }
  return reply + Answer(request, StandardReply::kEnd);
}

std::string PlainCache::StoreClassic(const Request& request, absl::string_view value) {
  switch (
      Store(ModeOf(request), value, request.client_flags, request.exptime_s, ChangeOf(request))) {
    case Stored::kStored:
      return Answer(request, StandardReply::kStored);
    case Stored::kNotStored:
      return Answer(request, StandardReply::kNotStored);
    case Stored::kExists:
      return Answer(request, StandardReply::kExists);
    case Stored::kNotFound:
      return Answer(request, StandardReply::kNotFound);
  }
  return "";
}

std::string PlainCache::Arithmetic(const Request& request) {
  Item* const item = FindLive(key_, now_);
  if (item == nullptr) return Answer(request, StandardReply::kNotFound);
  if (!Count(item, request.operation == Operation::kDecrement, request.delta, {})) {
    return Answer(request, StandardReply::kNonNumeric);
  }
  if (request.quiet) return "";
  return absl::StrCat(absl::StripTrailingAsciiWhitespace(item->value), "\r\n");
}

std::string PlainCache::Touch(const Request& request) {
  Item* const item = FindLive(key_, now_);
  if (item == nullptr) return Answer(request, StandardReply::kNotFound);
  item->expires = Expiry(request.exptime_s);
  return Answer(request, StandardReply::kTouched);
}

std::string PlainCache::Stats() const {
  return absl::StrCat("STAT version 1.6.0-simulated\r\nSTAT curr_items ", size(), "\r\nEND\r\n");
}

std::string PlainCache::MetaGet(const Request& request) {
  const MetaFlags& meta = request.meta;
  Item* item = FindLive(key_, now_);
  const bool created = item == nullptr && meta.has.Has('N');
  if (created) {
    Store(MetaSetMode::kAdd, "", 0, meta.vivify_ttl_s, ChangeOf(request));
    item = &items_.find(key_)->second;
  }
  if (item == nullptr) return MetaReply(request, ReplyKind::kMetaMiss, nullptr, false);
  std::string reply = MetaHit(request, item, created);
  item->fetched = true;
  item->last_access = now_;
  return reply;
}

// The flags are answered in the order of the request; N, R and T act where they stand.
std::string PlainCache::MetaHit(const Request& request, Item* item, bool created) const {
  const MetaFlags& meta = request.meta;
  bool won = created;
  const bool win_sent = !created && item->win_sent;
  const auto bytes = static_cast<std::uint32_t>(item->value.size());
  const bool with_value = meta.has.Has('v');
  std::string reply = Written(protocol::kMaxMetaHeaderBytes, [&](char* out) {
    out = with_value ? protocol::WriteMetaValue(out, bytes)
                     : protocol::WriteMetaCode(out, ReplyKind::kMetaDone);
    protocol::MetaFlagIterator flags(meta.text);
    for (MetaFlag flag; flags.Next(&flag);) {
      if (flag.letter == 'c') out = protocol::WriteReturnFlag(out, 'c', item->cas);
      if (flag.letter == 'f') out = protocol::WriteReturnFlag(out, 'f', item->flags);
      if (flag.letter == 'h') out = protocol::WriteReturnFlag(out, 'h', item->fetched ? 1 : 0);
      if (flag.letter == 'k') out = protocol::WriteReturnedKey(out, request);
      if (flag.letter == 'l') {
        out = protocol::WriteReturnFlag(out, 'l', absl::ToInt64Seconds(now_ - item->last_access));
      }
      if (flag.letter == 'O') out = protocol::WriteReturnedOpaque(out, request);
      if (flag.letter == 's') out = protocol::WriteReturnFlag(out, 's', bytes);
      if (flag.letter == 't') out = protocol::WriteReturnFlag(out, 't', TimeToLive(*item));
      if (flag.letter == 'T') item->expires = Expiry(meta.ttl_s);
      if (flag.letter == 'R' && !win_sent && item->expires != absl::InfiniteFuture()) {
        won = won || TimeToLive(*item) < meta.recache_below_s;
      }
    }
    if (win_sent) out = protocol::WriteReturnFlag(out, 'Z');
    if (item->stale) {
      out = protocol::WriteReturnFlag(out, 'X');
      won = won || !win_sent;
    }
    if (won) out = protocol::WriteReturnFlag(out, 'W');
    return protocol::WriteNewline(out);
  });
  item->win_sent = item->win_sent || won;
  if (with_value) absl::StrAppend(&reply, item->value, "\r\n");
  return reply;
}

std::string PlainCache::MetaSet(const Request& request, absl::string_view value) {
  const MetaFlags& meta = request.meta;
  const MetaSetMode mode = meta.mode;
  std::int64_t exptime_s = request.exptime_s;
  Stored stored;
  if (Appends(mode) && meta.has.Has('N') && FindLive(key_, now_) == nullptr) {
    exptime_s = meta.vivify_ttl_s;
    stored = Store(MetaSetMode::kAdd, value, request.client_flags, exptime_s, ChangeOf(request));
  } else {
    stored = Store(mode, value, request.client_flags, exptime_s, ChangeOf(request));
  }
  ReplyKind kind = ReplyKind::kMetaNotStored;
  if (stored == Stored::kStored) kind = ReplyKind::kMetaDone;
  if (stored == Stored::kExists) kind = ReplyKind::kMetaExists;
  if (stored == Stored::kNotFound && !Appends(mode)) kind = ReplyKind::kMetaNotFound;
  const auto item = items_.find(key_);
  return MetaReply(request, kind, item == items_.end() ? nullptr : &item->second, false);
}

std::string PlainCache::MetaDelete(const Request& request) {
  const MetaFlags& meta = request.meta;
  const Change change = ChangeOf(request);
  Item* const item = FindLive(key_, now_);
  if (item == nullptr) return MetaReply(request, ReplyKind::kMetaNotFound, nullptr, false);
  if (Check(item, change) != Stored::kStored) {
    return MetaReply(request, ReplyKind::kMetaExists, nullptr, false);
  }
  if (!meta.has.Has('I') && !meta.has.Has('x')) {
    items_.erase(key_);
    return MetaReply(request, ReplyKind::kMetaDone, nullptr, false);
  }
  if (meta.has.Has('x')) {
    item->value.clear();
    item->flags = 0;
  }
  if (meta.has.Has('I')) {
    if (meta.has.Has('T')) item->expires = Expiry(meta.ttl_s);
    item->stale = true;
    item->win_sent = false;
  }
  Renew(item, change);
  return MetaReply(request, ReplyKind::kMetaDone, nullptr, false);
}

std::string PlainCache::MetaArithmetic(const Request& request) {
  const MetaFlags& meta = request.meta;
  const Change change = ChangeOf(request);
  Item* item = FindLive(key_, now_);
  if (item == nullptr) {
    if (!meta.has.Has('N')) return MetaReply(request, ReplyKind::kMetaNotFound, nullptr, false);
    Store(MetaSetMode::kAdd, absl::StrCat(meta.initial), 0, meta.vivify_ttl_s, change);
    item = &items_.find(key_)->second;
  } else {
    if (Check(item, change) != Stored::kStored) {
      return MetaReply(request, ReplyKind::kMetaExists, nullptr, false);
    }
    if (!Count(item, meta.decrement, meta.delta, change)) {
      return Answer(request, StandardReply::kNonNumeric);
    }
    if (meta.has.Has('T')) item->expires = Expiry(meta.ttl_s);
  }
  return MetaReply(request, ReplyKind::kMetaDone, item, meta.has.Has('v'));
}

std::string PlainCache::MetaDebug(const Request& request) {
  const Item* const item = FindLive(key_, now_);
  if (item == nullptr) return Answer(request, StandardReply::kMetaMiss);
  protocol::ItemDebugInfo info;
  info.ttl_s = TimeToLive(*item);
  info.cas = item->cas;
  info.fetched = item->fetched;
  info.item_bytes = key_.size() + item->value.size();
  return Written(protocol::kMaxDebugReplyBytes,
                 [&](char* out) { return protocol::WriteDebugReply(out, request, info); });
}

// A reply that tells of `item`, if it is not null, what flags ask for; the value of ma is told
// without what a decrement leaves of its length.
std::string PlainCache::MetaReply(const Request& request, ReplyKind kind, const Item* item,
                                  bool with_value) const {
  const ReplyKind hidden_as = with_value ? ReplyKind::kMetaValue : kind;
  if (request.quiet && protocol::QuietHides(request.operation, hidden_as)) return "";
  const absl::string_view value =
      with_value ? absl::StripTrailingAsciiWhitespace(item->value) : absl::string_view();
  std::string reply = Written(protocol::kMaxMetaHeaderBytes, [&](char* out) {
    out = with_value ? protocol::WriteMetaValue(out, static_cast<std::uint32_t>(value.size()))
                     : protocol::WriteMetaCode(out, kind);
    protocol::MetaFlagIterator flags(request.meta.text);
    for (MetaFlag flag; flags.Next(&flag);) {
      if (flag.letter == 'k') out = protocol::WriteReturnedKey(out, request);
      if (flag.letter == 'O') out = protocol::WriteReturnedOpaque(out, request);
      if (item == nullptr) continue;
      if (flag.letter == 'c') out = protocol::WriteReturnFlag(out, 'c', item->cas);
      if (flag.letter == 't') out = protocol::WriteReturnFlag(out, 't', TimeToLive(*item));
      if (flag.letter == 's') {
        out = protocol::WriteReturnFlag(out, 's', static_cast<std::uint32_t>(item->value.size()));
      }
    }
    return protocol::WriteNewline(out);
  });
  if (with_value) absl::StrAppend(&reply, value, "\r\n");
  return reply;
}

PlainCache::Change PlainCache::ChangeOf(const Request& request) {
  Change change;
  if (request.operation == Operation::kCas) change.compare_cas = request.cas;
  if (!IsMeta(request.operation)) {
    return change;
  }
  const MetaFlags& meta = request.meta;
  if (meta.has.Has('C')) change.compare_cas = meta.compare_cas;
  if (meta.has.Has('E')) change.new_cas = meta.new_cas;
  change.accept_older_cas = request.operation == Operation::kMetaSet && meta.has.Has('I');
  return change;
}

PlainCache::Item* PlainCache::FindLive(absl::string_view key, absl::Time now) {
  const auto found = items_.find(key);
  if (found == items_.end()) return nullptr;
  if (found->second.expires > now) return &found->second;
  items_.erase(found);
  return nullptr;
}

PlainCache::Stored PlainCache::Check(const Item* item, const Change& change) {
  if (!change.compare_cas) return Stored::kStored;
  if (item == nullptr) return Stored::kNotFound;
  return *change.compare_cas == item->cas ? Stored::kStored : Stored::kExists;
}

PlainCache::Stored PlainCache::Store(MetaSetMode mode, absl::string_view value, std::uint32_t flags,
                                     std::int64_t exptime_s, const Change& change) {
  Item* item = FindLive(key_, now_);
  if (mode == MetaSetMode::kAdd && item != nullptr) return Stored::kNotStored;
  if (mode != MetaSetMode::kAdd && mode != MetaSetMode::kSet && item == nullptr) {
    return Stored::kNotStored;
  }
  bool stale = false;
  if (mode != MetaSetMode::kAdd) {
    const Stored checked = Check(item, change);
    const bool older = checked == Stored::kExists && *change.compare_cas < item->cas;
    stale = older && change.accept_older_cas;
    if (checked != Stored::kStored && !stale) return checked;
  }
  if (Appends(mode)) {
    item->value = mode == MetaSetMode::kAppend ? absl::StrCat(item->value, value)
                                               : absl::StrCat(value, item->value);
  } else {
    item = &items_[key_];
    *item = Item();
    item->value = std::string(value);
    item->flags = flags;
    item->expires = Expiry(exptime_s);
    item->last_access = now_;
    item->stale = stale;
  }
  Renew(item, change);
  return Stored::kStored;
}

// As memcached has it, a number that becomes shorter leaves spaces.
bool PlainCache::Count(Item* item, bool decrement, std::uint64_t delta, const Change& change) {
  std::uint64_t number = 0;
  if (!protocol::ParseUint64(absl::StripTrailingAsciiWhitespace(item->value), &number)) {
    return false;
  }
  if (decrement) {
    number = number > delta ? number - delta : 0;
  } else {
    number += delta;
  }
  std::string value = absl::StrCat(number);
  if (value.size() < item->value.size()) value.resize(item->value.size(), ' ');
  item->value = std::move(value);
  Renew(item, change);
  return true;
}

void PlainCache::Renew(Item* item, const Change& change) {
  item->cas = change.new_cas ? *change.new_cas : ++last_cas_;
}

absl::Time PlainCache::Expiry(std::int64_t exptime_s) const {
  if (exptime_s == 0) return absl::InfiniteFuture();
  if (exptime_s < 0) return absl::InfinitePast();
  if (exptime_s <= kMaxRelativeSeconds) return now_ + absl::Seconds(exptime_s);
  return absl::FromUnixSeconds(exptime_s);
}

std::int64_t PlainCache::TimeToLive(const Item& item) const {
  return item.expires == absl::InfiniteFuture() ? -1 : absl::ToInt64Seconds(item.expires - now_);
}

}  // namespace ringcache::client

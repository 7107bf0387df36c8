#include "router/stats/pool_stats.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace ringcache::router {
namespace {

using absl::string_view;

// What costs memory besides the texts.
constexpr std::size_t kRowBytes = 64;

// The last parts of names whose values are times or sizes of one thing, not amounts.
constexpr string_view kDoNotAddUp[] = {"age",          "age_hot",         "age_warm",
                                       "chunk_size",   "chunks_per_page", "evicted_time",
                                       "active_slabs", "sizes_status"};

bool NamesAnAmount(string_view name) {
  const std::size_t colon = name.rfind(':');
  const string_view last = colon == string_view::npos ? name : name.substr(colon + 1);
  return std::find(std::begin(kDoNotAddUp), std::end(kDoNotAddUp), last) == std::end(kDoNotAddUp);
}

}  // namespace

PoolStats::PoolStats(string_view group)
    : sums_(group == "items" || group == "slabs" || group == "sizes") {}

std::size_t PoolStats::AddMember(std::string name) {
  members_.push_back(std::move(name));
  problems_.emplace_back();
  return members_.size() - 1;
}

bool PoolStats::Add(std::size_t member, string_view name, string_view value) {
  const auto known = index_.find(name);
  bytes_ += value.size() + kRowBytes + (known == index_.end() ? 2 * name.size() + kRowBytes : 0);
  if (bytes_ > kMaxBytes) return false;
  const std::size_t row = known == index_.end() ? rows_.size() : known->second;
  if (known == index_.end()) {
    index_.emplace(std::string(name), row);
    rows_.push_back({std::string(name), {}});
  }
  rows_[row].values.push_back({member, std::string(value)});
  return true;
}

void PoolStats::Fail(std::size_t member, string_view problem) {
  problems_[member] = std::string(problem);
}

bool PoolStats::AddsUp(const Row& row, std::uint64_t* sum) const {
  if (!sums_ || !NamesAnAmount(row.name)) return false;
  for (const Value& value : row.values) {
    std::uint64_t number = 0;
    if (!absl::SimpleAtoi(value.text, &number)) return false;
    *sum += number;
  }
  return true;
}

bool PoolStats::AllAgree(const Row& row) const {
  return std::all_of(row.values.begin(), row.values.end(),
                     [&row](const Value& value) { return value.text == row.values.front().text; });
}

std::string PoolStats::Reply() const {
  const auto failed = [](const std::string& problem) { return !problem.empty(); };
  if (std::all_of(problems_.begin(), problems_.end(), failed)) {
    return absl::StrCat("SERVER_ERROR no member answered",
                        members_.empty() ? "" : absl::StrCat("; ", members_[0], ": ", problems_[0]),
                        "\r\n");
  }
  std::string reply;
  for (const Row& row : rows_) {
    std::uint64_t sum = 0;
    if (AddsUp(row, &sum)) {
      absl::StrAppend(&reply, "STAT ", row.name, " ", sum, "\r\n");
    } else if (AllAgree(row)) {
      absl::StrAppend(&reply, "STAT ", row.name, " ", row.values[0].text, "\r\n");
    } else {
      for (const Value& value : row.values) {
        absl::StrAppend(&reply, "STAT ", row.name, "@", members_[value.member], " ", value.text,
                        "\r\n");
      }
    }
  }
  for (std::size_t i = 0; i < members_.size(); ++i) {
    if (problems_[i].empty()) continue;
    absl::StrAppend(&reply, "STAT failed@", members_[i], " ", problems_[i], "\r\n");
  }
  return reply + "END\r\n";
}

}  // namespace ringcache::router

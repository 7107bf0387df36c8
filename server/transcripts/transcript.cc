#include "server/transcripts/transcript.h"

#include <algorithm>
#include <cctype>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace ringcache::server {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

std::string Unescape(absl::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      out += text[i];
      continue;
    }
    switch (text[++i]) {
      case 'r':
        out += '\r';
        break;
      case 'n':
        out += '\n';
        break;
      case 't':
        out += '\t';
        break;
      case '0':
        out += '\0';
        break;
      case 'x': {
        int byte = 0;
        if (absl::SimpleHexAtoi(text.substr(i + 1, 2), &byte)) out += static_cast<char>(byte);
        i += 2;
        break;
      }
      default:
        out += text[i];
    }
  }
  return out;
}

// Expands <x*5000>.
std::string Expand(absl::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = text.find('>');
    int count = 0;
    if (text[0] == '<' && text.size() > 4 && text[2] == '*' && end != absl::string_view::npos &&
        absl::SimpleAtoi(text.substr(3, end - 3), &count)) {
      out.append(static_cast<std::size_t>(count), text[1]);
      text.remove_prefix(end + 1);
    } else {
      out += text[0];
      text.remove_prefix(1);
    }
  }
  return out;
}

// "<cas3>" at the start of `text`: 3; 0 if it is not.
std::size_t IdNumber(absl::string_view text) {
  if (text.size() < 6 || !absl::StartsWith(text, "<cas") || !IsDigit(text[4]) || text[5] != '>') {
    return 0;
  }
  return static_cast<std::size_t>(text[4] - '0');
}

class TranscriptParser {
 public:
  absl::StatusOr<Transcript> Parse(absl::string_view text) {
    int number = 0;
    for (absl::string_view line : absl::StrSplit(text, '\n')) {
      ++number;
      if (!Take(line, number)) {
        return absl::InvalidArgumentError(
            absl::StrCat("line ", number, ": '", line, "' is no transcript line"));
      }
    }
    Finish();
    return std::move(transcript_);
  }

 private:
  bool Take(absl::string_view line, int number) {
    if (absl::StartsWith(line, "#")) return true;
    if (line.empty()) {
      Finish();
      return true;
    }
    if (absl::ConsumePrefix(&line, "@ options ")) {
      transcript_.options = absl::StrSplit(line, ' ', absl::SkipEmpty());
      return true;
    }
    if (absl::ConsumePrefix(&line, "!! differs: ")) {
      transcript_.differs = std::string(line);
      return true;
    }
    if (absl::ConsumePrefix(&line, "! differs: ")) {
      if (replying_) Finish();
      exchange_.differs = std::string(line);
      return true;
    }
    if (absl::ConsumePrefix(&line, ">> ")) return Request(Unescape(Expand(line)), number);
    if (absl::ConsumePrefix(&line, "> ")) {
      return Request(Unescape(Expand(line)) + "\r\n", number);
    }
    if (line == ">") return Request("\r\n", number);
    if (line == "<") return Reply("");
    if (absl::ConsumePrefix(&line, "< ")) return Reply(line);
    return false;
  }

  bool Request(const std::string& bytes, int number) {
    if (replying_) Finish();
    if (exchange_.request.empty()) exchange_.line = number;
    exchange_.request += bytes;
    return true;
  }

  bool Reply(absl::string_view line) {
    replying_ = true;
    if (line == "<closed>") {
      exchange_.ends = true;
    } else {
      exchange_.reply.push_back(Unescape(Expand(line)));
    }
    return true;
  }

  void Finish() {
    if (!exchange_.request.empty()) {
      transcript_.exchanges.push_back(std::move(exchange_));
      exchange_ = Exchange();
    }
    replying_ = false;
  }

  Transcript transcript_;
  Exchange exchange_;
  bool replying_ = false;
};

}  // namespace

absl::StatusOr<Transcript> ParseTranscript(absl::string_view text) {
  return TranscriptParser().Parse(text);
}

bool ReplyMatcher::MatchesLine(absl::string_view expected, absl::string_view line) {
  while (!expected.empty()) {
    if (expected == "<any>") return true;
    const std::size_t id = IdNumber(expected);
    const bool number = absl::StartsWith(expected, "<n>");
    if (id == 0 && !number) {
      if (line.empty() || line[0] != expected[0]) return false;
      expected.remove_prefix(1);
      line.remove_prefix(1);
      continue;
    }
    const std::size_t digits = static_cast<std::size_t>(
        std::find_if_not(line.begin(), line.end(), IsDigit) - line.begin());
    if (digits == 0) return false;
    const std::string value(line.substr(0, digits));
    line.remove_prefix(digits);
    expected.remove_prefix(number ? 3 : 6);
    if (number) continue;
    if (ids_.size() <= id) ids_.resize(id + 1);
    if (ids_[id].empty()) ids_[id] = value;
    if (ids_[id] != value) return false;
  }
  return line.empty();
}

bool ReplyMatcher::Matches(const Exchange& exchange, absl::string_view reply, std::string* why) {
  std::vector<absl::string_view> lines = absl::StrSplit(reply, "\r\n");
  const absl::string_view rest = lines.back();
  lines.pop_back();
  *why = absl::StrCat("line ", exchange.line, ": ");
  for (std::size_t i = 0; i < std::max(lines.size(), exchange.reply.size()); ++i) {
    const bool both = i < lines.size() && i < exchange.reply.size();
    if (both && MatchesLine(exchange.reply[i], lines[i])) continue;
    absl::StrAppend(why, "reply line ", i + 1, ": expected '",
                    i < exchange.reply.size() ? exchange.reply[i].substr(0, 200) : "nothing",
                    "', got '", i < lines.size() ? lines[i].substr(0, 200) : "nothing", "'");
    return false;
  }
  if (rest.empty()) return true;
  absl::StrAppend(why, "unfinished line '", rest.substr(0, 200), "'");
  return false;
}

std::string ReplyMatcher::Fill(absl::string_view request) const {
  std::string out;
  while (!request.empty()) {
    const std::size_t id = IdNumber(request);
    if (id != 0 && id < ids_.size()) {
      out += ids_[id];
      request.remove_prefix(6);
    } else {
      out += request[0];
      request.remove_prefix(1);
    }
  }
  return out;
}

}  // namespace ringcache::server

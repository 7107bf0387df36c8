// Transcripts: conversations with a cache server as text, played against anything that speaks the
// protocol. The format is described in transcripts/README.md.
//
// Thread safety: plain values and functions.

#ifndef RINGCACHE_SERVER_TRANSCRIPTS_TRANSCRIPT_H_
#define RINGCACHE_SERVER_TRANSCRIPTS_TRANSCRIPT_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace ringcache::server {

// Requests and what is answered to them.
struct Exchange {
  int line = 0;  // of the first request, counted from 1
  std::string request;
  std::vector<std::string> reply;  // expected lines, without "\r\n"; placeholders unexpanded
  bool ends = false;               // the server closes the connection
  // Not empty: why memcached answers something else.
  std::string differs;
};

struct Transcript {
  std::vector<std::string> options;  // command line
  std::string differs;               // not empty: why memcached does not play it at all
  std::vector<Exchange> exchanges;
};

// Fails with the line and what is wrong there.
absl::StatusOr<Transcript> ParseTranscript(absl::string_view text);

// Whether `reply` (raw bytes) is what the exchange expects. If not, `*why` says what came where. A
// placeholder stands for a different text each time; <cas> must be the same id wherever it has the
// same number: `ids` carries them from exchange to exchange.
class ReplyMatcher {
 public:
  bool Matches(const Exchange& exchange, absl::string_view reply, std::string* why);
  // Puts remembered ids in place of placeholders: "<cas1>".
  std::string Fill(absl::string_view request) const;

 private:
  bool MatchesLine(absl::string_view expected, absl::string_view line);

  std::vector<std::string> ids_;
};

}  // namespace ringcache::server

#endif  // RINGCACHE_SERVER_TRANSCRIPTS_TRANSCRIPT_H_

// Checks replies as they arrive, in whatever pieces. The usual reply is compared with what it must
// be, byte for byte up to the value, which is skipped or compared as the workload says; only a
// reply that differs is parsed, to tell a miss, a refusal and an error from nonsense.
//
// Thread safety: none; one per worker, with a ReplyState for each connection.

#ifndef RINGCACHE_TOOLS_LOADGEN_REPLY_CHECKER_H_
#define RINGCACHE_TOOLS_LOADGEN_REPLY_CHECKER_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "tools/loadgen/line_template.h"
#include "tools/loadgen/workload.h"

namespace ringcache::loadgen {

// How far the reply to a connection's oldest request has come. After kComplete it tells the
// outcome.
struct ReplyState {
  std::uint32_t next_key = 0;  // of the request's keys: those before have come or been left out
  std::uint32_t hits = 0;      // keys with a value
  std::uint32_t rank = 0;      // of the value that is being received
  std::uint32_t value_bytes = 0;
  std::uint64_t received_bytes = 0;  // of the value; with ReplyCheck::kSize, of the whole reply
  bool begun = false;
  bool in_value = false;
  bool compare = false;  // the value with what was stored
  bool refused = false;  // NOT_STORED, NOT_FOUND and their like
  bool error = false;    // ERROR, CLIENT_ERROR, SERVER_ERROR
};

enum class ReplyProgress : std::uint8_t {
  kNeedMore,
  kComplete,
  kInvalid,  // not a reply to this request: the connection is of no more use
};

struct ReplyStep {
  std::size_t consumed = 0;  // bytes of the input that need not be given again
  ReplyProgress progress = ReplyProgress::kNeedMore;
};

class ReplyChecker {
 public:
  // With Verify::kSample the contents of values are compared in every so many replies.
  static constexpr std::uint32_t kSampleEvery = 64;

  // `workload` outlives the checker.
  explicit ReplyChecker(const Workload* workload);

  // Takes what `input` holds of the reply to a request of `kind` for the keys `ranks`. `*state` is
  // ReplyState() before the first piece. What was not consumed is given again with more behind it;
  // that is never more than a line.
  ReplyStep Consume(RequestKind kind, const std::uint32_t* ranks, ReplyState* state,
                    absl::string_view input);

  // Why the last reply was kInvalid.
  const std::string& problem() const { return problem_; }

 private:
  void Begin(ReplyState* state);
  ReplyStep ConsumeSize(RequestKind kind, ReplyState* state, absl::string_view input);
  ReplyStep ConsumeGet(const std::uint32_t* ranks, ReplyState* state, absl::string_view input);
  ReplyStep ConsumeLine(RequestKind kind, ReplyState* state, absl::string_view input);
  ReplyStep ConsumeValue(ReplyState* state, absl::string_view input);
  ReplyStep ParseGetLine(const std::uint32_t* ranks, ReplyState* state, absl::string_view input);
  void StartValue(ReplyState* state, std::uint32_t key, std::uint32_t rank, std::uint32_t bytes);
  char SuccessLetter(RequestKind kind) const;
  ReplyStep Invalid(std::size_t consumed, const std::string& problem);
  std::string DescribeInput(absl::string_view input) const;

  const Workload* const workload_;
  // The line before a value.
  LineTemplate value_line_;
  std::string scratch_;
  // The whole reply of a success, for kinds without a value.
  std::array<absl::string_view, kRequestKindCount> done_lines_;
  std::array<std::uint64_t, kRequestKindCount> sizes_{};  // for ReplyCheck::kSize
  std::uint32_t begun_ = 0;
  std::string problem_;
};

}  // namespace ringcache::loadgen

#endif  // RINGCACHE_TOOLS_LOADGEN_REPLY_CHECKER_H_

#include "process/drain_sequence.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "net/simulated_loop.h"

namespace ringcache::process {
namespace {

class DrainSequenceTest : public testing::Test {
 protected:
  DrainSequence::Phase Phase(std::string name, absl::Duration limit, bool can_be_undone = false) {
    return {name, limit, [this, name] { seen_.push_back(name); }, can_be_undone};
  }
  void BeginTwo() {
    ASSERT_TRUE(sequence_.Begin(
        {Phase("announcing", absl::Seconds(10), true), Phase("closing", absl::Seconds(5))}));
  }

  net::SimulatedLoop loop_;
  std::vector<std::string> seen_;
  DrainSequence sequence_{&loop_, [this] { seen_.push_back("done"); }};
};

using Names = std::vector<std::string>;

TEST_F(DrainSequenceTest, EachPhaseBeginsWhenTheTimeOfTheOneBeforeIsUp) {
  EXPECT_FALSE(sequence_.state().draining);
  BeginTwo();
  EXPECT_TRUE(sequence_.state().draining);
  EXPECT_EQ(sequence_.state().phase, "announcing");
  loop_.RunFor(absl::Seconds(9));
  EXPECT_EQ(seen_, Names({"announcing"}));
  loop_.RunFor(absl::Seconds(2));
  EXPECT_EQ(seen_, Names({"announcing", "closing"}));
  EXPECT_EQ(sequence_.state().phase, "closing");
  loop_.RunFor(absl::Seconds(5));
  EXPECT_EQ(seen_, Names({"announcing", "closing", "done"}));
  EXPECT_TRUE(sequence_.state().draining);
  EXPECT_EQ(sequence_.state().phase, "");
}

TEST_F(DrainSequenceTest, APhaseThatIsOverMakesRoomForTheNextAtOnce) {
  BeginTwo();
  sequence_.EndPhase("closing");
  EXPECT_EQ(sequence_.state().phase, "announcing");
  sequence_.EndPhase("announcing");
  EXPECT_EQ(sequence_.state().phase, "closing");
  sequence_.EndPhase("closing");
  EXPECT_EQ(seen_, Names({"announcing", "closing", "done"}));
  loop_.RunFor(absl::Seconds(60));
  sequence_.EndPhase("closing");
  EXPECT_EQ(seen_.size(), 3u);
}

TEST_F(DrainSequenceTest, APhaseMayEndItself) {
  ASSERT_TRUE(sequence_.Begin({{"empty", absl::Seconds(9), [this] { sequence_.EndPhase("empty"); }},
                               Phase("closing", absl::Seconds(5))}));
  EXPECT_EQ(seen_, Names({"closing"}));
}

TEST_F(DrainSequenceTest, BeginningAgainChangesNothing) {
  BeginTwo();
  EXPECT_FALSE(sequence_.Begin({Phase("other", absl::Seconds(1))}));
  loop_.RunFor(absl::Seconds(3));
  EXPECT_EQ(seen_, Names({"announcing"}));
}

TEST_F(DrainSequenceTest, OnlyWhatCanBeUndoneIs) {
  EXPECT_FALSE(sequence_.Undo());
  BeginTwo();
  EXPECT_TRUE(sequence_.Undo());
  EXPECT_FALSE(sequence_.state().draining);
  loop_.RunFor(absl::Seconds(60));
  EXPECT_EQ(seen_, Names({"announcing"}));
  BeginTwo();
  loop_.RunFor(absl::Seconds(11));
  EXPECT_FALSE(sequence_.Undo());
  loop_.RunFor(absl::Seconds(60));
  EXPECT_EQ(seen_, Names({"announcing", "announcing", "closing", "done"}));
  EXPECT_FALSE(sequence_.Undo());
}

TEST_F(DrainSequenceTest, APhaseCanBeShortenedButNotProlonged) {
  BeginTwo();
  sequence_.ShortenPhase("closing", absl::ZeroDuration());
  sequence_.ShortenPhase("announcing", absl::Hours(1));
  EXPECT_LE(sequence_.state().left, absl::Seconds(10));
  sequence_.ShortenPhase("announcing", absl::Seconds(2));
  EXPECT_LE(sequence_.state().left, absl::Seconds(2));
  loop_.RunFor(absl::Seconds(1));
  EXPECT_EQ(seen_, Names({"announcing"}));
  loop_.RunFor(absl::Seconds(2));
  EXPECT_EQ(seen_, Names({"announcing", "closing"}));
}

TEST_F(DrainSequenceTest, TellsWhatIsLeftOfThePhase) {
  BeginTwo();
  EXPECT_GT(sequence_.state().left, absl::Seconds(5));
  EXPECT_LE(sequence_.state().left, absl::Seconds(10));
}

}  // namespace
}  // namespace ringcache::process

#include "discovery/membership.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace ringcache::discovery {
namespace {

net::SocketAddress Address(const std::string& text) {
  return net::SocketAddress::Parse(text, 11211).value();
}
Candidate Named(const std::string& name, const std::string& address = "10.0.0.1") {
  return {name, 11211, 1, {Address(address)}};
}
Candidate Unresolved(const std::string& name) { return {name, 11211, 1, {}}; }

// "a b* c": names in order, with a star if vanished.
std::string Text(const Snapshot& snapshot) {
  return absl::StrJoin(snapshot.members, " ", [](std::string* out, const Member& member) {
    absl::StrAppend(out, member.name, member.vanished ? "*" : "");
  });
}

class MembershipTest : public ::testing::Test {
 protected:
  void Use(const Membership::Options& options) { pool_ = std::make_unique<Membership>(options); }
  // An answer at `second` with members of these names, each with one address.
  bool Answer(int second, absl::string_view names, bool incomplete = false) {
    std::vector<Candidate> candidates;
    for (const absl::string_view name : absl::StrSplit(names, ' ')) {
      candidates.push_back(Named(std::string(name)));
    }
    return AnswerWith(second, candidates, incomplete);
  }
  bool AnswerWith(int second, const std::vector<Candidate>& candidates, bool incomplete = false) {
    return pool_->Update(candidates, incomplete, absl::Seconds(second)) != nullptr;
  }
  std::string Members() const { return Text(*pool_->current()); }
  const Member& First() const { return pool_->current()->members[0]; }

  std::unique_ptr<Membership> pool_ = std::make_unique<Membership>(Membership::Options{});
};

TEST_F(MembershipTest, TheFirstAnswerIsVersionOne) {
  EXPECT_EQ(pool_->current(), nullptr);
  EXPECT_TRUE(Answer(0, "a b"));
  EXPECT_EQ(pool_->current()->version, 1u);
  EXPECT_EQ(Members(), "a b");
}

TEST_F(MembershipTest, AnAnswerThatChangesNothingPublishesNothing) {
  Answer(0, "a b");
  const auto before = pool_->current();
  EXPECT_FALSE(Answer(1, "b a"));
  EXPECT_EQ(pool_->current(), before);
}

TEST_F(MembershipTest, MembersAreInNaturalOrderHoweverTheAnswerIs) {
  Answer(0, "p-10 p-9 p-1");
  EXPECT_EQ(Members(), "p-1 p-9 p-10");
}

TEST_F(MembershipTest, ANewNameJoinsAtOnce) {
  Answer(0, "a");
  EXPECT_TRUE(Answer(1, "a b"));
  EXPECT_EQ(Members(), "a b");
  EXPECT_EQ(pool_->current()->version, 2u);
}

TEST_F(MembershipTest, ANameThatIsMissingVanishesAtOnceAndLeavesAfterItsGrace) {
  Answer(0, "a b");
  EXPECT_EQ(pool_->next_leave(), absl::InfiniteDuration());
  EXPECT_TRUE(Answer(10, "a"));
  EXPECT_EQ(Members(), "a b*");
  EXPECT_EQ(pool_->next_leave(), absl::Seconds(70));
  EXPECT_FALSE(Answer(69, "a"));
  EXPECT_TRUE(Answer(70, "a"));
  EXPECT_EQ(Members(), "a");
}

TEST_F(MembershipTest, ANameThatComesBackInTimeMovesNothing) {
  Answer(0, "a b");
  Answer(10, "a");
  EXPECT_TRUE(Answer(69, "a b"));
  EXPECT_EQ(Members(), "a b");
  Answer(80, "a");
  EXPECT_EQ(pool_->next_leave(), absl::Seconds(140));
}

TEST_F(MembershipTest, WithoutGraceANameLeavesAtOnce) {
  Use({.grace = absl::ZeroDuration()});
  Answer(0, "a b");
  Answer(1, "a");
  EXPECT_EQ(Members(), "a");
}

TEST_F(MembershipTest, AnIncompleteAnswerAddsButTakesNobodyAway) {
  Answer(0, "a b");
  EXPECT_TRUE(Answer(1, "c", /*incomplete=*/true));
  EXPECT_EQ(Members(), "a b c");
  Answer(2, "a c");
  EXPECT_EQ(Members(), "a b* c");
  EXPECT_FALSE(Answer(1000, "a", /*incomplete=*/true));
  EXPECT_EQ(Members(), "a b* c");
}

TEST_F(MembershipTest, AMemberWithANewAddressIsTheSameMember) {
  AnswerWith(0, {Named("a", "10.0.0.1"), Named("b", "10.0.0.2")});
  EXPECT_TRUE(AnswerWith(1, {Named("a", "10.0.0.9"), Named("b", "10.0.0.2")}));
  EXPECT_EQ(Members(), "a b");
  EXPECT_EQ(First().address, Address("10.0.0.9"));
}

TEST_F(MembershipTest, AnAddressIsKeptAsLongAsItIsInTheAnswer) {
  Candidate both = Named("a", "10.0.0.5");
  AnswerWith(0, {both});
  both.addresses = {Address("10.0.0.1"), Address("10.0.0.5"), Address("10.0.0.9")};
  EXPECT_FALSE(AnswerWith(1, {both}));
  both.addresses = {Address("[::1]"), Address("10.0.0.9"), Address("10.0.0.10")};
  EXPECT_TRUE(AnswerWith(2, {both}));
  EXPECT_EQ(First().address, Address("10.0.0.9")) << "IPv4 first, then the least";
}

TEST_F(MembershipTest, CandidatesOfOneNameAndPortAreOneMember) {
  Candidate other_port = Named("a");
  other_port.port = 11212;
  AnswerWith(0, {Named("a", "10.0.0.2"), other_port, Named("a", "10.0.0.1")});
  EXPECT_EQ(Members(), "a a");
  EXPECT_EQ(First().address, Address("10.0.0.1"));
}

TEST_F(MembershipTest, AMemberWhoseAddressIsNotKnownNowKeepsTheLast) {
  AnswerWith(0, {Named("a", "10.0.0.7"), Named("b")});
  EXPECT_FALSE(AnswerWith(1, {Unresolved("a"), Named("b")}));
  EXPECT_EQ(First().address, Address("10.0.0.7"));
}

TEST_F(MembershipTest, InNaturalOrderNobodyJoinsWithoutAnAddress) {
  EXPECT_FALSE(AnswerWith(0, {Unresolved("a")}));
  EXPECT_TRUE(AnswerWith(1, {Unresolved("a"), Named("b")}));
  EXPECT_EQ(Members(), "b");
}

TEST_F(MembershipTest, AListReservesThePlaceOfANameWithoutAnAddress) {
  Use({.order = Membership::Order::kAsGiven});
  EXPECT_FALSE(AnswerWith(0, {Unresolved("z"), Unresolved("a")}));
  EXPECT_EQ(pool_->current(), nullptr);
  EXPECT_TRUE(AnswerWith(1, {Unresolved("z"), Named("a")}));
  EXPECT_EQ(Members(), "z* a");
  EXPECT_EQ(First().address.port(), 0);
  EXPECT_TRUE(AnswerWith(2, {Named("z"), Named("a")}));
  EXPECT_EQ(Members(), "z a");
}

TEST_F(MembershipTest, AListKeepsThePlacesOfThoseWhoVanish) {
  Use({.order = Membership::Order::kAsGiven});
  Answer(0, "z y x w");
  Answer(1, "w y");
  EXPECT_EQ(Members(), "z* w y x*");
  Answer(2, "z y x w");
  EXPECT_EQ(Members(), "z y x w");
  Answer(3, "y v");
  EXPECT_EQ(Members(), "z* y x* w* v");
  Answer(63, "y v");
  EXPECT_EQ(Members(), "y v");
}

TEST_F(MembershipTest, WeightsChangeAndOptionsReachEveryMember) {
  Use({.tls_name = "cache.example", .credentials = "token"});
  AnswerWith(0, {Named("a")});
  Candidate heavy = Named("a");
  heavy.weight = 3;
  EXPECT_TRUE(AnswerWith(1, {heavy}));
  EXPECT_EQ(First().weight, 3u);
  EXPECT_EQ(First().tls_name, "cache.example");
  EXPECT_EQ(First().credentials, "token");
}

TEST_F(MembershipTest, PastABoundThoseThatVanishedFirstLeaveEarly) {
  const auto batch = [](int number, std::size_t size) {
    std::vector<Candidate> candidates;
    for (std::size_t i = 0; i < size; ++i) {
      candidates.push_back(Named(absl::StrCat("pod-", number, "-", i)));
    }
    return candidates;
  };
  AnswerWith(0, batch(0, Membership::kMaxVanished));
  AnswerWith(1, batch(1, 5));
  EXPECT_EQ(pool_->current()->members.size(), Membership::kMaxVanished + 5);
  AnswerWith(2, batch(2, 1));
  EXPECT_EQ(pool_->current()->members.size(), Membership::kMaxVanished + 1);
  std::size_t of_second = 0;
  for (const Member& member : pool_->current()->members) {
    if (member.name.rfind("pod-1-", 0) == 0) ++of_second;
  }
  EXPECT_EQ(of_second, 5u);
}

// What the header promises, from one random answer to the next.
class RandomHistory {
 public:
  RandomHistory(std::uint64_t seed, Membership::Order order)
      : random_(seed), grace_(absl::Seconds(Pick(4) * 20)), pool_({order, grace_, "", ""}) {}

  void Play(int steps) {
    for (int i = 0; i < steps && !::testing::Test::HasFailure(); ++i) Step();
  }

 private:
  int Pick(int bound) { return static_cast<int>(random_() % static_cast<std::uint64_t>(bound)); }

  void Step() {
    now_ += absl::Seconds(Pick(30));
    std::vector<Candidate> candidates;
    for (int i = 0; i < 8; ++i) {
      if (Pick(3) == 0) continue;
      candidates.push_back(Named(absl::StrCat("m", i), absl::StrCat("10.0.0.", 1 + Pick(3))));
      if (Pick(10) == 0) candidates.back().addresses.clear();
    }
    const bool incomplete = Pick(4) == 0;
    const auto before = pool_.current();
    const auto published = pool_.Update(candidates, incomplete, now_);
    const bool usable = std::any_of(candidates.begin(), candidates.end(),
                                    [](const Candidate& c) { return !c.addresses.empty(); });
    EXPECT_TRUE(usable || published == nullptr);
    if (!usable) return;
    for (const Candidate& candidate : candidates) last_seen_[candidate.name] = now_;
    if (published != nullptr) Check(before, *published);
    CheckAbsent(candidates, incomplete);
  }

  void Check(const std::shared_ptr<const Snapshot>& before, const Snapshot& after) {
    EXPECT_FALSE(after.members.empty());
    EXPECT_EQ(after.version, before == nullptr ? 1 : before->version + 1);
    if (before == nullptr) return;
    EXPECT_NE(before->members, after.members);
    for (const Member& member : before->members) {
      const bool had_address = member.address.port() != 0;
      if (had_address && Find(after, member.name) == nullptr) {
        EXPECT_GE(now_ - last_seen_[member.name], grace_) << member.name << " left too early";
      }
    }
  }

  void CheckAbsent(const std::vector<Candidate>& candidates, bool incomplete) {
    const Snapshot& now = *pool_.current();
    for (const Candidate& candidate : candidates) {
      const Member* member = Find(now, candidate.name);
      if (candidate.addresses.empty()) continue;
      ASSERT_NE(member, nullptr) << candidate.name << " did not join";
      EXPECT_FALSE(member->vanished);
      EXPECT_EQ(member->address, candidate.addresses[0]);
    }
    if (incomplete) return;
    for (const Member& member : now.members) {
      const bool named = last_seen_[member.name] == now_;
      EXPECT_TRUE(named || member.vanished) << member.name;
    }
  }

  static const Member* Find(const Snapshot& snapshot, const std::string& name) {
    for (const Member& member : snapshot.members) {
      if (member.name == name) return &member;
    }
    return nullptr;
  }

  std::mt19937_64 random_;
  const absl::Duration grace_;
  Membership pool_;
  absl::Duration now_ = absl::Hours(1);
  std::map<std::string, absl::Duration> last_seen_;
};

TEST(MembershipHistoryTest, ThousandsOfRandomHistoriesKeepTheRules) {
  const std::uint64_t first = std::random_device()();
  for (std::uint64_t seed = first; seed < first + 2000; ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    RandomHistory(seed, seed % 2 == 0 ? Membership::Order::kNatural : Membership::Order::kAsGiven)
        .Play(40);
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace ringcache::discovery

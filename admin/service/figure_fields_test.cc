#include "admin/service/figure_fields.h"

#include <set>
#include <string>

#include "admin/backend/figures.h"
#include "admin/proto/admin.pb.h"
#include "google/protobuf/descriptor.h"
#include "gtest/gtest.h"

namespace ringcache::admin {
namespace {

using google::protobuf::FieldDescriptor;

// Every row has a field of the right kind, and every such field has a row.
template <typename Message, typename Id, std::size_t kRows>
void ExpectSameNames(const FigureRow<Id> (&rows)[kRows]) {
  std::set<std::string> in_table;
  for (const auto& row : rows) {
    EXPECT_TRUE(in_table.emplace(row.field).second) << row.field << " has two rows";
  }
  std::set<std::string> in_message;
  for (int i = 0; i < Message::descriptor()->field_count(); ++i) {
    const FieldDescriptor* field = Message::descriptor()->field(i);
    if (field->type() == FieldDescriptor::TYPE_UINT64 && field->has_optional_keyword()) {
      in_message.insert(field->name());
    }
  }
  EXPECT_EQ(in_table, in_message) << Message::descriptor()->name();
}

TEST(FigureFieldsTest, EveryFigureHasAFieldAndEveryFieldAFigure) {
  ExpectSameNames<v1::GeneralStats>(kGeneralFigures);
  ExpectSameNames<v1::RouterStats>(kRouterFigures);
  ExpectSameNames<v1::SlabStats>(kSlabFigures);
  ExpectSameNames<v1::WorkerStats>(kWorkerFigures);
  ExpectSameNames<v1::MemberStats>(kMemberFigures);
}

TEST(FigureFieldsTest, AFigureThatIsNotKnownIsAbsent) {
  FigureSet<GeneralFigure> figures;
  v1::GeneralStats message;
  EXPECT_FALSE(SetFigures(kGeneralFigures, figures, &message));
  figures[GeneralFigure::kGetHits] = 0;
  figures[GeneralFigure::kResidentBytes] = 7;
  EXPECT_TRUE(SetFigures(kGeneralFigures, figures, &message));
  EXPECT_TRUE(message.has_get_hits());
  EXPECT_EQ(message.get_hits(), 0u);
  EXPECT_EQ(message.resident_bytes(), 7u);
  EXPECT_FALSE(message.has_get_misses());
}

}  // namespace
}  // namespace ringcache::admin

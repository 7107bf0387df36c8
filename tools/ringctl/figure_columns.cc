#include "tools/ringctl/figure_columns.h"

#include <cmath>
#include <cstddef>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "google/protobuf/descriptor.h"
#include "tools/table/spelling.h"
#include "tools/table/text_table.h"

namespace ringcache::ringctl {
namespace {

using absl::string_view;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;
using table::SpellBytes;
using table::SpellShare;
using table::SpellUptime;
using table::WithSeparators;

constexpr char kUnknown[] = "-";
constexpr double kMicrosecondsPerSecond = 1e6;

// The sum of both; known if the first is.
std::optional<std::uint64_t> BothOf(const FigureColumn& column, const Message& message) {
  const auto first = FigureOf(message, column.field);
  if (!first) return std::nullopt;
  return *first + FigureOf(message, column.second_field).value_or(0);
}

// Nothing if one is not known, or it fell.
std::optional<std::uint64_t> Rise(std::optional<std::uint64_t> before,
                                  std::optional<std::uint64_t> now) {
  if (!before || !now || *now < *before) return std::nullopt;
  return *now - *before;
}

std::string Microseconds(double us) {
  if (us < 1000) return absl::StrFormat("%.0f us", us);
  if (us < kMicrosecondsPerSecond) return absl::StrFormat("%.1f ms", us / 1000);
  return absl::StrFormat("%.1f s", us / kMicrosecondsPerSecond);
}

}  // namespace

std::optional<std::uint64_t> FigureOf(const Message& message, string_view field) {
  const std::size_t dot = field.find('.');
  const FieldDescriptor* const found =
      message.GetDescriptor()->FindFieldByName(std::string(field.substr(0, dot)));
  if (found == nullptr || found->is_repeated()) return std::nullopt;
  const Reflection& reflection = *message.GetReflection();
  if (found->has_presence() && !reflection.HasField(message, found)) return std::nullopt;
  switch (found->cpp_type()) {
    case FieldDescriptor::CPPTYPE_MESSAGE:
      if (dot == string_view::npos) return std::nullopt;
      return FigureOf(reflection.GetMessage(message, found), field.substr(dot + 1));
    case FieldDescriptor::CPPTYPE_UINT64:
      return reflection.GetUInt64(message, found);
    case FieldDescriptor::CPPTYPE_UINT32:
      return reflection.GetUInt32(message, found);
    default:
      return std::nullopt;
  }
}

std::string HeadingOf(const FigureColumn& column, bool as_rates) {
  const bool has_rate =
      column.measure == Measure::kCounter || column.measure == Measure::kByteCounter;
  return absl::StrCat(column.heading, as_rates && has_rate ? "/s" : "");
}

std::string Total(const FigureColumn& column, const Message& now) {
  const auto figure = FigureOf(now, column.field);
  if (!figure) return kUnknown;
  switch (column.measure) {
    case Measure::kCount:
    case Measure::kCounter:
      return WithSeparators(*figure);
    case Measure::kBytes:
    case Measure::kByteCounter:
      return SpellBytes(static_cast<double>(*figure));
    case Measure::kSeconds:
      return SpellUptime(*figure);
    case Measure::kMicroseconds:
      return Microseconds(static_cast<double>(*figure));
    case Measure::kShare:
      return SpellShare(*figure, FigureOf(now, column.second_field).value_or(0));
    case Measure::kProcessorTime:
      return Microseconds(static_cast<double>(*BothOf(column, now)));
  }
  return kUnknown;
}

std::string Rate(const FigureColumn& column, const Message& before, const Message& now,
                 double seconds) {
  const auto rise = Rise(FigureOf(before, column.field), FigureOf(now, column.field));
  switch (column.measure) {
    case Measure::kCount:
    case Measure::kBytes:
    case Measure::kSeconds:
    case Measure::kMicroseconds:
      return Total(column, now);
    case Measure::kCounter:
      if (!rise) return kUnknown;
      return WithSeparators(
          static_cast<std::size_t>(std::llround(static_cast<double>(*rise) / seconds)));
    case Measure::kByteCounter:
      return rise ? SpellBytes(static_cast<double>(*rise) / seconds) : kUnknown;
    case Measure::kShare: {
      const auto whole =
          Rise(FigureOf(before, column.second_field), FigureOf(now, column.second_field));
      return rise && whole ? SpellShare(*rise, *whole) : kUnknown;
    }
    case Measure::kProcessorTime: {
      const auto used = Rise(BothOf(column, before), BothOf(column, now));
      if (!used) return kUnknown;
      return absl::StrFormat("%.0f %%",
                             100 * static_cast<double>(*used) / (seconds * kMicrosecondsPerSecond));
    }
  }
  return kUnknown;
}

void AddFigures(const Message& message, Message* sum) {
  const Reflection& reflection = *message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  for (const FieldDescriptor* const field : fields) {
    if (field->is_repeated()) continue;
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      AddFigures(reflection.GetMessage(message, field), reflection.MutableMessage(sum, field));
    } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_UINT64) {
      reflection.SetUInt64(
          sum, field, reflection.GetUInt64(*sum, field) + reflection.GetUInt64(message, field));
    }
  }
}

}  // namespace ringcache::ringctl

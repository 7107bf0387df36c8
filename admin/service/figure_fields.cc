#include "admin/service/figure_fields.h"

#include <string>

#include "google/protobuf/descriptor.h"

namespace ringcache::admin {

void SetFigure(absl::string_view field, std::uint64_t value, google::protobuf::Message* message) {
  const google::protobuf::FieldDescriptor* descriptor =
      message->GetDescriptor()->FindFieldByName(std::string(field));
  message->GetReflection()->SetUInt64(message, descriptor, value);
}

}  // namespace ringcache::admin

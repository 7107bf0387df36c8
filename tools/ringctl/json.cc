#include "tools/ringctl/json.h"

#include "google/protobuf/util/json_util.h"

namespace ringcache::ringctl {

std::string ToJson(const google::protobuf::Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.always_print_primitive_fields = true;
  options.preserve_proto_field_names = true;
  std::string text;
  // Fails only for an Any of an unknown type, which no message has.
  const auto status = google::protobuf::util::MessageToJsonString(message, &text, options);
  return status.ok() ? text + "\n" : "{}\n";
}

}  // namespace ringcache::ringctl

#include "protocol/reply_writer.h"

#include "protocol/request.h"

namespace ringcache::protocol {

char* WriteDebugReply(char* out, const Request& request, const ItemDebugInfo& item) {
  out = WriteText(WriteText(out, "ME "), request.key);
  out = WriteInt64(WriteText(out, " exp="), item.ttl_s);
  out = WriteUint64(WriteText(out, " la="), item.last_access_s);
  out = WriteUint64(WriteText(out, " cas="), item.cas);
  out = WriteText(out, item.fetched ? " fetch=yes" : " fetch=no");
  out = WriteUint64(WriteText(out, " cls="), item.size_class);
  out = WriteUint64(WriteText(out, " size="), item.item_bytes);
  return WriteNewline(out);
}

}  // namespace ringcache::protocol

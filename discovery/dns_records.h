// From records to members: addresses of records, names of addresses, and how a lookup's trouble
// counts for the pool.
//
// Thread safety: functions only.

#ifndef RINGCACHE_DISCOVERY_DNS_RECORDS_H_
#define RINGCACHE_DISCOVERY_DNS_RECORDS_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "discovery/dns_answer.h"
#include "discovery/dns_lookup.h"
#include "discovery/dns_resolver.h"
#include "discovery/pool_source.h"
#include "net/socket_address.h"

namespace ringcache::discovery {

// REQUIRES: `bytes` are the 4 or 16 of an A or AAAA record.
net::SocketAddress MakeAddress(absl::string_view bytes, std::uint16_t port);

// "10.0.0.1" or "2001:db8::1": a member's name where nothing better is known. REQUIRES: as above.
std::string AddressName(absl::string_view bytes);

// Where the name of an address is asked for: "1.0.0.10.in-addr.arpa" (RFC 1035, section 3.5), or 32
// hexadecimal digits below ip6.arpa (RFC 3596, section 2.5). REQUIRES: as above.
std::string ReverseName(absl::string_view bytes);

// What a lookup that found nothing means for a pool. REQUIRES: result.error is not kNone.
PoolAnswer TroubleOf(const LookupResult& result);

}  // namespace ringcache::discovery

#endif  // RINGCACHE_DISCOVERY_DNS_RECORDS_H_

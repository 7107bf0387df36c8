// A connection of tests that counts how often it is given something to send.
//
// Thread safety: as the connection that it wraps.

#ifndef RINGCACHE_ROUTER_COUNTING_CONNECTION_H_
#define RINGCACHE_ROUTER_COUNTING_CONNECTION_H_

#include <sys/uio.h>

#include <cstddef>
#include <memory>
#include <utility>

#include "absl/types/span.h"
#include "net/connection.h"

namespace ringcache::router {

class CountingConnection final : public net::Connection {
 public:
  // `writes` outlives this.
  CountingConnection(std::unique_ptr<net::Connection> connection, int* writes)
      : connection_(std::move(connection)), writes_(*writes) {}

  using net::Connection::Send;
  bool Send(absl::Span<const iovec> spans) override {
    ++writes_;
    return connection_->Send(spans);
  }
  std::size_t pending_bytes() const override { return connection_->pending_bytes(); }
  net::Handshake handshake() const override { return connection_->handshake(); }
  void ResumeReceiving() override { connection_->ResumeReceiving(); }
  void Drain() override { connection_->Drain(); }
  void Close(net::CloseReason reason) override { connection_->Close(reason); }

 private:
  const std::unique_ptr<net::Connection> connection_;
  int& writes_;
};

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_COUNTING_CONNECTION_H_

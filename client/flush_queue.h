// The connections of one loop that have something to send once the callbacks in progress are over,
// so that what one wake-up adds to a connection leaves in one write.
//
// Thread safety: belongs to the loop's thread.

#ifndef RINGCACHE_CLIENT_FLUSH_QUEUE_H_
#define RINGCACHE_CLIENT_FLUSH_QUEUE_H_

#include <functional>
#include <vector>

#include "net/event_loop.h"

namespace ringcache::client {

class FlushQueue {
 public:
  // What can be flushed; removes itself before it is destroyed.
  class Entry {
   public:
    virtual void Flush() = 0;

   protected:
    ~Entry() = default;
  };

  // `loop` outlives this.
  explicit FlushQueue(net::EventLoop* loop) : loop_(*loop) {}
  ~FlushQueue();
  FlushQueue(const FlushQueue&) = delete;
  FlushQueue& operator=(const FlushQueue&) = delete;

  // For who flushes at the end of each wake-up: `on_first`, which sees to FlushAll() being called,
  // is told of the first entry instead of setting a timer. Before the first Add.
  void set_on_first(std::function<void()> on_first) { on_first_ = std::move(on_first); }

  // Flushes `entry` in the next wake-up. REQUIRES: it is not in the queue.
  void Add(Entry* entry);
  // Nothing happens if it is not in the queue.
  void Remove(Entry* entry);
  // Flushes all now: for who knows that a batch is complete, and spares a wake-up.
  void FlushAll();

 private:
  net::EventLoop& loop_;
  std::function<void()> on_first_;
  net::EventLoop::TimerId timer_ = 0;
  std::vector<Entry*> entries_;  // null: removed
};

}  // namespace ringcache::client

#endif  // RINGCACHE_CLIENT_FLUSH_QUEUE_H_

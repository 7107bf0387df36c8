// Owns a file descriptor and closes it.

#ifndef RINGCACHE_NET_DESCRIPTOR_H_
#define RINGCACHE_NET_DESCRIPTOR_H_

#include <unistd.h>

#include <utility>

namespace ringcache::net {

class Descriptor {
 public:
  Descriptor() = default;
  // Takes ownership of `descriptor`; negative means none.
  explicit Descriptor(int descriptor) : descriptor_(descriptor) {}
  Descriptor(Descriptor&& other) noexcept : descriptor_(other.Release()) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    if (this != &other) Reset(other.Release());
    return *this;
  }
  ~Descriptor() { Reset(); }

  bool valid() const { return descriptor_ >= 0; }
  int get() const { return descriptor_; }

  // Gives up ownership.
  [[nodiscard]] int Release() { return std::exchange(descriptor_, -1); }
  void Reset(int descriptor = -1) {
    if (descriptor_ >= 0) close(descriptor_);
    descriptor_ = descriptor;
  }

 private:
  int descriptor_ = -1;
};

}  // namespace ringcache::net

#endif  // RINGCACHE_NET_DESCRIPTOR_H_

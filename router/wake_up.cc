#include "router/wake_up.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "router/client_session.h"
#include "router/exchange.h"

namespace ringcache::router {

WakeUp::WakeUp(client::ConnectionResources* resources, std::function<void()> at_end)
    : resources_(*resources), at_end_(std::move(at_end)), alive_(std::make_shared<bool>(true)) {
  resources_.keep_received = true;
  resources_.on_received = [this] { EndSoon(); };
  resources_.flush_queue.set_on_first([this] { EndSoon(); });
}

void WakeUp::AddReady(ClientSession* session) {
  if (session->MarkReady()) AddReadyMarked(session);
}

void WakeUp::Remove(ClientSession* session) {
  for (std::vector<ClientSession*>* sessions : {&ready_, &sending_}) {
    std::replace(sessions->begin(), sessions->end(), session, static_cast<ClientSession*>(nullptr));
  }
}

void WakeUp::EndSoon() {
  if (end_is_due_) return;
  end_is_due_ = true;
  resources_.loop->Post([this, alive = std::weak_ptr<bool>(alive_)] {
    if (!alive.expired()) End();
  });
}

void WakeUp::End() {
  end_is_due_ = false;
  // Members first: they work while clients are answered.
  resources_.flush_queue.FlushAll();
  // A session may add itself again, for the next wake-up, and any may go.
  sending_.swap(ready_);
  for (std::size_t i = 0; i < sending_.size(); ++i) {
    if (sending_[i] != nullptr) sending_[i]->SendReady();
  }
  sending_.clear();
  for (Exchange* exchange : touched_) exchange->KeepReply();
  touched_.clear();
  resources_.received.clear();
  at_end_();
}

}  // namespace ringcache::router

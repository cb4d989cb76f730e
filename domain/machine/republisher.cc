#include "domain/machine/republisher.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "domain/base/check.h"
#include "domain/base/match.h"

namespace quickbite {

Step<Republisher> Republisher::step(Input<Republisher>&& input, Instant now) {
  return match(
      std::move(input),  //
      [&](Start&&) { return Step<Republisher>{}; },
      [&](Items<Republisher>&& items) {
        CHECK(state_ == State::kIdle);
        std::move(items.items.begin(), items.items.end(), std::back_inserter(requests_));
        return begin();
      },
      [&](Answer&& answer) {
        return match(
            std::move(answer),  //
            [&](ResendAnswer&& resent) { return on_resent(std::move(resent), now); },
            [&](Waited&&) {
              CHECK(state_ == State::kWaiting);
              return resend();
            });
      });
}

Step<Republisher> Republisher::begin() {
  until_ = requests_.front().until;
  rows_ = limits_.outbox_batch;
  done_ = 0;
  attempt_ = 0;
  return resend();
}

// A dry run counts all in one: it changes nothing by which the next would go on behind it.
std::int64_t Republisher::rows_next() const {
  const RepublishRequest& request = requests_.front();
  return request.dry ? request.most : std::min(rows_, request.most - done_);
}

Step<Republisher> Republisher::resend() {
  const RepublishRequest& request = requests_.front();
  state_ = State::kResending;
  return {{}, Resend{request.filter, until_, rows_next(), request.dry}};
}

Step<Republisher> Republisher::on_resent(ResendAnswer&& answer, Instant now) {
  CHECK(state_ == State::kResending);
  return match(
      std::move(answer),
      [&](Resent&& resent) {
        attempt_ = 0;
        until_ = resent.until;
        const RepublishRequest request = requests_.front();
        const bool more = resent.rows >= rows_next() && done_ + resent.rows < request.most;
        done_ += resent.rows;
        Step<Republisher> next = more && !request.dry ? resend() : finish({});
        if (resent.rows > 0 && !request.dry) next.notices.insert(next.notices.begin(), OutboxFilled{});
        next.notices.insert(next.notices.begin(), Batch{resent.rows});
        return next;
      },
      [&](Refused&& why) {
        if (rows_ <= 1) return finish(std::move(why.sqlstate));
        rows_ /= 2;
        return retry(now);
      },
      [&](Aborted&&) { return retry(now); }, [&](Unavailable&&) { return retry(now); },
      [&](InDoubt&&) { return retry(now); });
}

Step<Republisher> Republisher::finish(std::string refused) {
  Done done{std::move(refused), done_ >= requests_.front().most, until_.value_or(Instant{})};
  requests_.erase(requests_.begin());
  Step<Republisher> next;
  if (requests_.empty()) {
    state_ = State::kIdle;
  } else {
    next = begin();
  }
  next.notices.push_back(std::move(done));
  return next;
}

Step<Republisher> Republisher::retry(Instant now) {
  ++attempt_;
  state_ = State::kWaiting;
  return {{}, Wait{now + backoff(limits_, attempt_, salt_), false}};
}

}  // namespace quickbite

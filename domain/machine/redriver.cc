#include "domain/machine/redriver.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "domain/base/check.h"
#include "domain/base/match.h"

namespace quickbite {

template <class S>
Step<Redriver<S>> Redriver<S>::step(Input<Redriver>&& input, Instant now) {
  return match(
      std::move(input),  //
      [&](Start&&) { return Step<Redriver>{}; },
      [&](Items<Redriver>&& items) {
        CHECK(state_ == State::kIdle);
        std::move(items.items.begin(), items.items.end(), std::back_inserter(requests_));
        return begin();
      },
      [&](Answer&& answer) {
        return std::visit([&](auto&& one) { return on(std::move(one), now); }, std::move(answer));
      });
}

template <class S>
Step<Redriver<S>> Redriver<S>::begin() {
  after_ = {};
  sent_ = 0;
  attempt_ = 0;
  return find();
}

template <class S>
Step<Redriver<S>> Redriver<S>::find() {
  page_ = {};
  found_.clear();
  state_ = State::kFinding;
  return {{}, FindLetters{requests_.front().filter, after_, limits_.batch}};
}

template <class S>
Step<Redriver<S>> Redriver<S>::on(FindLettersAnswer&& answer, Instant now) {
  CHECK(state_ == State::kFinding);
  return match(
      std::move(answer),  //
      [&](LettersFound&& found) { return decide(std::move(found)); },
      [&](Aborted&&) { return retry(now); }, [&](Refused&& why) { return done(std::move(why.sqlstate)); },
      [&](Unavailable&&) { return retry(now); });
}

// Each letter by its rows; those beyond the request's most are left as if they were not there.
template <class S>
Step<Redriver<S>> Redriver<S>::decide(LettersFound&& found) {
  if (found.letters.empty()) return done({});
  const RedriveRequest& request = requests_.front();
  more_ = static_cast<std::int64_t>(found.letters.size()) >= limits_.batch;
  const auto ours = [&](const Announcement& row) {
    return std::find(in_doubt_.begin(), in_doubt_.end(), row.id) != in_doubt_.end();
  };
  for (LetterFound& letter : found.letters) {
    if (!letter.redrives.empty() && ours(letter.redrives.back())) {
      last_ = letter.letter.seq;
      page_.letters.push_back({letter.letter.id, RedriveVerdict::kSend, letter.redrives.back().id});
      ++sent_;
      continue;
    }
    const RedriveVerdict verdict = decide_redrive(letter, request.mode);
    const bool sends = verdict == RedriveVerdict::kSend;
    if (sends && sent_ + static_cast<std::int64_t>(found_.size()) >= request.most) {
      more_ = false;
      break;
    }
    last_ = letter.letter.seq;
    page_.letters.push_back({letter.letter.id, verdict, {}});
    if (!sends) continue;
    page_.letters.back().redrive = redrive_id(letter.letter.id, next_redrive(letter));
    found_.push_back(std::move(letter));
  }
  if (found_.empty() || request.dry) return paged();
  return load();
}

template <class S>
Step<Redriver<S>> Redriver<S>::load() {
  typename Ledger::Keys keys;
  for (const LetterFound& letter : found_) {
    if (const auto event = event_of_letter(letter.letter)) keys.events.push_back(*event);
  }
  std::sort(keys.events.begin(), keys.events.end());
  keys.events.erase(std::unique(keys.events.begin(), keys.events.end()), keys.events.end());
  state_ = State::kLoading;
  return {{}, Load<Ledger>{std::move(keys)}};
}

template <class S>
Step<Redriver<S>> Redriver<S>::on(LoadAnswer<Ledger>&& answer, Instant now) {
  CHECK(state_ == State::kLoading);
  return match(
      std::move(answer),  //
      [&](Loaded<Ledger>&& loaded) { return store(std::move(loaded)); },
      [&](Aborted&&) { return retry(now); }, [&](Refused&& why) { return done(std::move(why.sqlstate)); },
      [&](Unavailable&&) { return retry(now); });
}

template <class S>
Step<Redriver<S>> Redriver<S>::store(Loaded<Ledger>&& loaded) {
  const RedriveMode& mode = requests_.front().mode;
  typename Ledger::Writes writes;
  const auto handled_meanwhile = [&](const LetterFound& letter) {
    const auto event = event_of_letter(letter.letter);
    const auto& handled = loaded.rows.handled;
    if (mode.force || !event || !std::binary_search(handled.begin(), handled.end(), *event)) return false;
    for (LetterRuled& ruled : page_.letters) {
      if (ruled.letter == letter.letter.id) ruled = {ruled.letter, RedriveVerdict::kHandled, {}};
    }
    return true;
  };
  found_.erase(std::remove_if(found_.begin(), found_.end(), handled_meanwhile), found_.end());
  for (const LetterFound& letter : found_) {
    writes.outbox.push_back(*redrive(letter.letter, next_redrive(letter), loaded.rows.now));
  }
  state_ = State::kStoring;
  Store<Ledger> store{loaded.token, {}};
  store.transactions.push_back(std::move(writes));
  return {{}, std::move(store)};
}

template <class S>
Step<Redriver<S>> Redriver<S>::on(StoreAnswer&& answer, Instant now) {
  CHECK(state_ == State::kStoring);
  return match(
      std::move(answer),  //
      [&](Stored&&) { return paged(); },
      [&](Aborted&&) { return retry(now); }, [&](Refused&& why) { return done(std::move(why.sqlstate)); },
      [&](Unavailable&&) { return retry(now); },
      [&](InDoubt&&) {
        for (const LetterRuled& ruled : page_.letters) {
          if (ruled.verdict == RedriveVerdict::kSend) in_doubt_.push_back(ruled.redrive);
        }
        return retry(now);
      });
}

// The page is dealt with: tells of it, and goes on behind it.
template <class S>
Step<Redriver<S>> Redriver<S>::paged() {
  attempt_ = 0;
  after_ = last_;
  in_doubt_.clear();
  Page page = std::exchange(page_, {});
  const bool sends = !found_.empty() && !requests_.front().dry;
  sent_ += static_cast<std::int64_t>(found_.size());
  Step<Redriver> next = std::exchange(more_, false) ? find() : done({});
  if (sends) next.notices.insert(next.notices.begin(), OutboxFilled{});
  next.notices.insert(next.notices.begin(), std::move(page));
  return next;
}

template <class S>
Step<Redriver<S>> Redriver<S>::done(std::string refused) {
  const bool full = sent_ >= requests_.front().most;
  page_ = {};
  found_.clear();
  after_ = last_ = {};
  in_doubt_.clear();
  more_ = false;
  attempt_ = 0;
  requests_.erase(requests_.begin());
  Step<Redriver> next;
  if (requests_.empty()) {
    state_ = State::kIdle;
  } else {
    next = begin();
  }
  next.notices.push_back(Done{std::move(refused), full});
  return next;
}

// Whatever was decided is discarded: the page's own rows tell what has come of it.
template <class S>
Step<Redriver<S>> Redriver<S>::retry(Instant now) {
  page_ = {};
  found_.clear();
  more_ = false;
  ++attempt_;
  state_ = State::kWaiting;
  return {{}, Wait{now + backoff(limits_, attempt_, salt_), false}};
}

template <class S>
Step<Redriver<S>> Redriver<S>::on(Waited&&, Instant) {
  CHECK(state_ == State::kWaiting);
  return find();
}

template class Redriver<OrdersService>;
template class Redriver<InventoryService>;

}  // namespace quickbite

// Redriver: sends the records of dead letters to their topic once more, as an operator asks: find letters → decide each → store
// the redrives as outbox rows, in one transaction a page; the relay does the rest.
//
//   Idle (Waiting)   + request        → FindLetters
//   Finding          + LettersFound   → Load of what is known of their events; where none is to be sent, FindLetters behind them
//   Finding          + LettersFound() → tells that it is done; idle
//   Loading          + Loaded         → Store(redrives); without those whose event was handled meanwhile
//   Storing          + Stored         → tells of the page; FindLetters behind it, where the page was full; else done
//   any              + Aborted, Unavailable, InDoubt → Wait the backoff, then FindLetters of the same page: its rows tell what was stored
//   any              + Refused        → tells that it is done, and with what it was refused; idle
//
// The ids of redrives are derived from the letters', so that two operators at once, or one that begins again after a crash, send
// each letter once: the second finds the first's row, or its insert is Aborted by it.
#pragma once

#include <cstdint>
#include <string>
#include <tuple>
#include <variant>
#include <vector>

#include "domain/machine/machine.h"
#include "domain/machine/service.h"
#include "domain/port/letters.h"
#include "domain/port/policy.h"

namespace quickbite {

struct RedriveRequest {
  LetterFilter filter;
  RedriveMode mode;
  bool dry = false;        // decides, and sends nothing
  std::int64_t most = 0;   // letters to send, at most
  auto fields() const { return std::tie(filter, mode, dry, most); }
};

// What became of a letter.
struct LetterRuled {
  EventId letter;
  RedriveVerdict verdict = RedriveVerdict::kSend;  // kSend: its redrive is stored (of a dry run: would be)
  EventId redrive;                                 // of kSend
  auto fields() const { return std::tie(letter, verdict, redrive); }
};

template <class Service>
class Redriver {
 public:
  using Ledger = typename Service::Ledger;
  using Item = RedriveRequest;
  using Effect = std::variant<FindLetters, Load<Ledger>, Store<Ledger>, Wait>;
  using Answer = std::variant<FindLettersAnswer, LoadAnswer<Ledger>, StoreAnswer, Waited>;
  struct Page {
    std::vector<LetterRuled> letters;
    auto fields() const { return std::tie(letters); }
  };
  struct Done {
    std::string refused;  // the SQLSTATE with which the database refused it; empty: all is done
    bool full = false;    // `most` letters were sent; others may be left
    auto fields() const { return std::tie(refused, full); }
  };
  using Notice = std::variant<Page, OutboxFilled, Done>;

  // `salt` spreads the backoffs of different machines.
  Redriver(const Limits& limits, std::uint64_t salt) : limits_(limits), salt_(salt) {}

  Step<Redriver> step(Input<Redriver>&& input, Instant now);

  auto fields() const { return std::tie(requests_, after_, last_, more_, found_, page_, sent_, in_doubt_, attempt_, state_); }

 private:
  enum class State : std::uint8_t { kIdle, kFinding, kLoading, kStoring, kWaiting };

  Step<Redriver> on(FindLettersAnswer&& answer, Instant now);
  Step<Redriver> on(LoadAnswer<Ledger>&& answer, Instant now);
  Step<Redriver> on(StoreAnswer&& answer, Instant now);
  Step<Redriver> on(Waited&&, Instant now);

  Step<Redriver> begin();
  Step<Redriver> find();
  Step<Redriver> decide(LettersFound&& found);
  Step<Redriver> load();
  Step<Redriver> store(Loaded<Ledger>&& loaded);
  Step<Redriver> paged();
  Step<Redriver> done(std::string refused);
  Step<Redriver> retry(Instant now);

  Limits limits_;
  std::uint64_t salt_;
  std::vector<RedriveRequest> requests_;  // the front is under way
  OutboxSeq after_;                       // the letters up to here are dealt with
  OutboxSeq last_;                        // of the page under way
  bool more_ = false;                     // the page was full: others may be behind it
  std::vector<LetterFound> found_;        // of the page, those to send
  Page page_;                             // what is to be told of it
  std::int64_t sent_ = 0;                 // letters, of this request
  std::vector<EventId> in_doubt_;         // redrives of Stores whose outcome nobody told; where a row is found, they were stored
  std::int64_t attempt_ = 0;              // failures in a row
  State state_ = State::kIdle;
};

// Defined once, in redriver.cc, for production and simulator alike.
extern template class Redriver<OrdersService>;
extern template class Redriver<InventoryService>;

}  // namespace quickbite

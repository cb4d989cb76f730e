// RowLog: what a transaction announced, for who follows one order through the logs: a line for each outbox row that was stored, with
// its order, event and trace, at debug; a warning for each dead letter. Never a payload.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "adapters/log/logger.h"
#include "domain/port/ledger.h"

namespace quickbite::runtime {

inline constexpr std::size_t kDeadLettersLogged = 10;  // of one transaction, at most

class RowLog {
 public:
  explicit RowLog(const log::Logger& logger) : logger_(logger) {}

  // What is to be said of a transaction once it is stored: to be taken before it is, since storing may consume the rows.
  struct Line {
    log::Level level = log::Level::kDebug;
    std::string event, type, topic, order, trace;
    std::string from, reason;  // of a dead letter: "orders.v1/3/42", "NOT_JSON"
  };
  template <class L>
  std::vector<Line> lines_of(const Store<L>& store) const {
    std::vector<Line> lines;
    for (const auto& writes : store.transactions) add(writes.outbox, lines);
    return lines;
  }

  void write(const std::vector<Line>& lines) const;

 private:
  void add(const std::vector<OutboxRow>& rows, std::vector<Line>& lines) const;

  const log::Logger logger_;
};

}  // namespace quickbite::runtime

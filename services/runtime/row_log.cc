#include "services/runtime/row_log.h"

#include <utility>

#include "domain/message/trace.h"
#include "domain/port/dead_letter.h"

namespace quickbite::runtime {

void RowLog::add(const std::vector<OutboxRow>& rows, std::vector<Line>& lines) const {
  const bool all = logger_.logs(log::Level::kDebug);
  std::size_t letters = 0;
  for (const OutboxRow& row : rows) {
    const bool letter = row.type == kDeadLetterType && ++letters <= kDeadLettersLogged;
    if (!all && !letter) continue;
    Line line;
    line.event = to_string(row.id.value);
    line.type = row.type;
    line.topic = std::string(to_string(row.topic));
    if (const auto trace = trace_in(row.headers)) line.trace = trace_id_text(*trace);
    if (letter) {
      line.level = log::Level::kWarning;
      if (const auto origin = dead_letter_origin(row.headers)) {
        line.from = std::string(to_string(origin->topic)) + "/" + std::to_string(origin->partition.value) + "/" +
                    std::to_string(origin->offset.value);
        line.reason = std::string(origin->reason);
      }
    } else if (row.type != kDeadLetterType && row.key) {
      line.order = *row.key;  // a dead letter's key may be anything
    }
    lines.push_back(std::move(line));
  }
}

void RowLog::write(const std::vector<Line>& lines) const {
  for (const Line& line : lines) {
    if (line.level == log::Level::kWarning) {
      logger_.warning("a record became a dead letter",
                      {{"event_id", line.event}, {"from", line.from}, {"reason", line.reason}, {"trace_id", line.trace}});
    } else {
      logger_.debug("announced", {{"order_id", line.order}, {"event_id", line.event}, {"type", line.type}, {"topic", line.topic},
                                  {"trace_id", line.trace}});
    }
  }
}

}  // namespace quickbite::runtime

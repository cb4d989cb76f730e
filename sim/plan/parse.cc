#include "sim/plan/parse.h"

#include <algorithm>
#include <optional>

#include "domain/base/utf8.h"
#include "sim/plan/draft.h"

namespace quickbite::sim {
namespace {

void read_kills(LineReader& line, Draft& draft) {
  line.need("mutant");
  const auto mutant =
      static_cast<std::uint32_t>(line.need_number("a mutant's number", 1, kMutantMax));
  auto& kills = draft.plan.kills;
  if (std::ranges::find(kills, mutant) != kills.end())
    line.fail_last("a mutant that no line above names");
  if (kills.size() == kKillsMax)
    line.fail_last("at most " + std::to_string(kKillsMax) + " mutants");
  if (!line.failed()) kills.push_back(mutant);
}

void read_seed(LineReader& line, Draft& draft) {
  const std::uint64_t seed = line.need_number("a seed", 0, UINT64_MAX);
  if (draft.plan.seed) line.fail_last("only one seed");
  if (!line.failed()) draft.plan.seed = seed;
}

void read_replicas(LineReader& line, Draft& draft) {
  const ServiceName service = need_service(line);
  const auto count =
      static_cast<std::uint32_t>(line.need_number("a number of replicas", 1, kReplicasMax));
  bool& given = draft.replicas_given[static_cast<std::size_t>(service)];
  if (given) line.fail_last("only one line of replicas of " + std::string(to_string(service)));
  if (line.failed()) return;
  given = true;
  (service == ServiceName::kOrders ? draft.plan.shape.orders : draft.plan.shape.inventory) = count;
}

void read_partitions(LineReader& line, Draft& draft) {
  const auto count =
      static_cast<std::int32_t>(line.need_number("a number of partitions", 1, kPartitionsMax));
  if (draft.partitions_given) line.fail_last("only one line of partitions");
  if (line.failed()) return;
  draft.partitions_given = true;
  draft.plan.shape.partitions = count;
}

void read_stock(LineReader& line, Draft& draft) {
  const Sku sku(line.need_name("a SKU", kNameBytesMax, true));
  auto& stock = draft.plan.stock;
  if (std::ranges::find(stock, sku, &Plan::Stock::sku) != stock.end())
    line.fail_last("a SKU that is not stocked yet");
  if (stock.size() == kStocksMax) line.fail_last("at most " + std::to_string(kStocksMax) + " SKUs");
  const auto quantity = static_cast<std::int64_t>(line.need_number("a quantity", 0, kStockMax));
  if (!line.failed()) stock.push_back({sku, Quantity(quantity)});
}

void read_deadline(LineReader& line, Draft& draft) {
  const Duration deadline = line.need_duration("how long an order may be PENDING");
  if (draft.plan.deadline) line.fail_last("only one deadline");
  if (!line.failed()) draft.plan.deadline = deadline;
}

struct Statement {
  std::string_view word;
  bool setting;
  void (*read)(LineReader& line, Draft& draft);
};
constexpr Statement kStatements[] = {
    {"kills", true, read_kills},       {"seed", true, read_seed},
    {"replicas", true, read_replicas}, {"partitions", true, read_partitions},
    {"deadline", true, read_deadline}, {"stock", true, read_stock},
    {"at", false, read_at},            {"when", false, read_when},
    {"finally", false, read_finally},
};

void read_statement(LineReader& line, Draft& draft) {
  for (const Statement& statement : kStatements) {
    if (!line.take(statement.word)) continue;
    if (statement.setting && draft.settings_over) {
      line.fail_last(
          "at, when or finally: kills, seed, replicas, partitions, deadline and stock stand above "
          "them");
    }
    draft.settings_over = draft.settings_over || !statement.setting;
    statement.read(line, draft);
    line.need_end();
    return;
  }
  line.fail_next("kills, seed, replicas, partitions, deadline, stock, at, when or finally");
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r";
  const auto begin = text.find_first_not_of(kBlanks);
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) + 1 - begin);
}

// The first line of comment, where nothing else stands above it. It will be shown on terminals:
// controls become blanks.
void read_title(std::string_view text, Draft& draft) {
  std::string title(trimmed(text));
  if (!draft.plan.title.empty() || !title.starts_with('#')) return;
  title.erase(0, title.find_first_not_of('#'));
  std::ranges::replace_if(
      title, [](char c) { return c < ' ' || c == '\x7F'; }, ' ');
  draft.plan.title = trimmed(title);
}

struct Place {
  int line;
  int column;
};

Place place_of(std::string_view text, std::size_t byte) {
  const std::string_view above = text.substr(0, byte);
  const auto newline = above.rfind('\n');
  const std::size_t begin = newline == above.npos ? 0 : newline + 1;
  return {static_cast<int>(std::ranges::count(above, '\n')) + 1,
          static_cast<int>(byte - begin) + 1};
}

std::optional<ParseError> refusal_of(std::string_view text) {
  if (text.size() > kPlanBytesMax) {
    return ParseError{1, 1,
                      "expected at most " + std::to_string(kPlanBytesMax) + " bytes, found " +
                          std::to_string(text.size())};
  }
  const std::size_t wrong = std::min(utf8_valid_prefix(text), text.find('\0'));
  if (wrong >= text.size()) return std::nullopt;
  const Place place = place_of(text, wrong);
  return ParseError{place.line, place.column,
                    "expected text in UTF-8, found " + quoted(text.substr(wrong, 1))};
}

}  // namespace

std::string to_string(const ParseError& error, std::string_view file) {
  return std::string(file) + ":" + std::to_string(error.line) + ":" + std::to_string(error.column) +
         ": " + error.message;
}

std::variant<Plan, ParseError> parse_plan(std::string_view text) {
  if (auto refusal = refusal_of(text)) return *std::move(refusal);
  Draft draft;
  bool statements_begun = false;
  int number = 0;
  while (!text.empty()) {
    ++number;
    const auto newline = text.find('\n');
    const std::string_view row = text.substr(0, newline);
    text = newline == text.npos ? std::string_view{} : text.substr(newline + 1);
    LineReader line(row);
    if (line.empty()) {
      if (!statements_begun) read_title(row, draft);
      continue;
    }
    statements_begun = true;
    read_statement(line, draft);
    if (line.failed()) return ParseError{number, line.mistake()->column, line.mistake()->message};
  }
  return std::move(draft.plan);
}

}  // namespace quickbite::sim

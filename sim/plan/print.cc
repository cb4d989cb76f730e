#include "sim/plan/print.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "domain/base/match.h"

namespace quickbite::sim {
namespace {

// Words with a blank between each two.
class Words {
 public:
  Words& operator<<(std::string_view word) {
    if (!text_.empty()) text_ += ' ';
    text_ += word;
    return *this;
  }
  Words& operator<<(std::int64_t number) {
    return *this << std::string_view(std::to_string(number));
  }
  Words& operator<<(Duration duration) {
    return *this << std::string_view(print_duration(duration));
  }
  void add(std::string_view mark) { text_ += mark; }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

void write(Words& out, const PlaceAct& act) {
  out << "client" << act.client << "orders";
  for (std::size_t i = 0; i < act.lines.size(); ++i) {
    if (i > 0) out.add(",");
    out << act.lines[i].sku.value << act.lines[i].quantity.value;
  }
  if (act.key) out << "key" << *act.key;
  out << "as" << act.label;
}
void write(Words& out, const CancelAct& act) {
  out << "client" << act.client << "cancels" << act.label;
}
void write(Words& out, const MenuAct& act) {
  out << "client" << act.client << "reads menu";
}
void write(Words& out, const BrokerOutage& act) {
  out << "broker down for" << act.length;
}
void write(Words& out, const DatabaseOutage& act) {
  out << "database" << to_string(act.service) << "down for" << act.length;
}
void write(Words& out, const CrashAct& act) {
  out << (act.drains ? "stop" : "crash") << to_string(act.service) << act.replica << "for" << act.down;
}
void write(Words& out, const PoisonAct& act) {
  out << "poison" << to_string(act.topic) << "partition" << act.partition.value
      << to_string(act.kind);
}
void write(Words& out, const RewindAct& act) {
  out << "rewind" << to_string(act.topic);
}
void write(Words& out, const ForgeAct& act) {
  out << "forge cancel of" << act.client << act.key;
}

void write(Words& out, const RedriveAct& act) {
  out << "operator redrives" << to_string(act.service);
  if (act.again) out << "again";
  if (act.force) out << "forced";
}
void write(Words& out, const RepublishAct& act) {
  out << "operator republishes" << to_string(act.service);
  if (act.since) out << "since" << Duration{act.since->us};
}
void write(Words& out, const RefuseAct& act) {
  out << "database" << to_string(act.service) << "refuses" << act.label;
  if (act.length) out << "for" << *act.length;
}
void write(Words& out, const BarAct& act) {
  out << "broker refuses" << act.label;
}
void write(Words& out, const LoseAct& act) {
  out << "lose" << to_string(act.topic);
}

void write(Words& out, const OrderIs& expected) {
  out << expected.label << (expected.status ? to_string(*expected.status) : "absent");
  if (expected.reason) out << to_string(*expected.reason);
}
void write(Words& out, const StockIs& expected) {
  out << "stock" << expected.sku.value << "available" << expected.available.value << "reserved"
      << expected.reserved.value;
}
void write(Words& out, const TopicHas& expected) {
  out << "topic" << to_string(expected.topic) << "has" << expected.count << expected.type;
  if (expected.label) out << "of" << *expected.label;
}

void write(Words& out, const CancelAnswered& expected) {
  out << expected.label << "cancel" << "answered" << expected.status;
}

void write(Words& out, const MenuIs& expected) {
  out << "menu of" << expected.client << (expected.stale ? "stale" : "fresh");
}

void write_replica(Words& out, const Rule& rule, const Plan& plan) {
  if (!rule.replica) return;
  const std::vector<std::string> clients = clients_of(plan);
  if (rule.role == Role::kClient && *rule.replica < clients.size()) {
    out << clients[*rule.replica];
  } else {
    out << *rule.replica;
  }
}

// A title is one line.
std::string title_of(const Plan& plan) {
  std::string title = plan.title;
  std::ranges::replace_if(
      title, [](char c) { return c == '\n' || c == '\r'; }, ' ');
  return title;
}

class File {
 public:
  void line(std::string_view text) {
    text_ += text;
    text_ += '\n';
  }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

void print_settings(File& file, const Plan& plan) {
  if (!plan.title.empty()) file.line("# " + title_of(plan));
  for (const std::uint32_t mutant : plan.kills) file.line("kills mutant " + std::to_string(mutant));
  if (plan.seed) file.line("seed " + std::to_string(*plan.seed));
  const Shape plain;
  const Shape& shape = plan.shape;
  if (shape.orders != plain.orders) file.line("replicas orders " + std::to_string(shape.orders));
  if (shape.inventory != plain.inventory)
    file.line("replicas inventory " + std::to_string(shape.inventory));
  if (shape.partitions != plain.partitions)
    file.line("partitions " + std::to_string(shape.partitions));
  if (plan.deadline) file.line("deadline " + print_duration(*plan.deadline));
  for (const Plan::Stock& stock : plan.stock) {
    file.line("stock " + stock.sku.value + " " + std::to_string(stock.quantity.value));
  }
}

}  // namespace

std::string print_plan(const Plan& plan) {
  File file;
  print_settings(file, plan);
  for (const Act& act : plan.acts) file.line(print_act(act));
  for (const Rule& rule : plan.rules) file.line(print_rule(rule, plan));
  for (const Expectation& expectation : plan.expectations)
    file.line(print_expectation(expectation));
  return file.take();
}

std::string print_act(const Act& act) {
  Words out;
  out << "at" << Duration{act.at.us};
  std::visit([&](const auto& what) { write(out, what); }, act.what);
  return out.take();
}

std::string print_rule(const Rule& rule, const Plan& plan) {
  Words out;
  out << "when" << to_string(rule.role);
  write_replica(out, rule, plan);
  out << to_string(rule.verb) << to_string(rule.phase);
  if (rule.label) out << "of" << *rule.label;
  if (rule.nth != 1) out << "(nth " + std::to_string(rule.nth) + ")";
  out.add(":");
  out << to_string(rule.verdict);
  if (rule.verdict == Verdict::kDelay) out << rule.length;
  if (rule.verdict == Verdict::kDuplicate && rule.length.us != 0) out << rule.length << "later";
  return out.take();
}

std::string print_expectation(const Expectation& expectation) {
  Words out;
  out << "finally";
  std::visit([&](const auto& each) { write(out, each); }, expectation);
  return out.take();
}

std::string print_duration(Duration duration) {
  if (duration.us % 1'000'000 == 0 && duration.us != 0)
    return std::to_string(duration.us / 1'000'000) + "s";
  if (duration.us % 1000 == 0) return std::to_string(duration.us / 1000) + "ms";
  return std::to_string(duration.us) + "us";
}

}  // namespace quickbite::sim

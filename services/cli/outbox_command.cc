#include "services/cli/outbox_command.h"

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "adapters/postgres/outbox_session.h"
#include "services/cli/addresses.h"
#include "services/cli/json_text.h"
#include "services/cli/operator_log.h"
#include "services/cli/progress.h"
#include "services/cli/shown.h"
#include "services/cli/terminal.h"

namespace quickbite::cli {
namespace {

using postgres::Service;
using postgres::WaitingFilter;
using postgres::WaitingRow;
using postgres::Waits;

constexpr std::int64_t kListed = 50;
constexpr std::int64_t kListedMost = 10'000;
constexpr std::int64_t kRetried = 1'000;
constexpr std::int64_t kRetriedMost = 100'000;
constexpr std::int64_t kPage = 200;

struct Flags {
  AddressFlags addresses;
  std::vector<std::string> ids;
  std::string service;
  std::string topic;
  std::string key;
  bool parked = false;
  bool all = false;
  bool dry_run = false;
  bool yes = false;
  bool json = false;
  std::int64_t limit = 0;
};

struct Kept {
  Service service = Service::kOrders;
  WaitingRow waiting;
};
struct Found {
  std::vector<Kept> rows;
  bool more = false;
};

std::vector<Service> services_of(const Flags& flags) {
  if (flags.service == "orders") return {Service::kOrders};
  if (flags.service == "inventory") return {Service::kInventory};
  return {Service::kOrders, Service::kInventory};
}

absl::StatusOr<WaitingFilter> filter_of(const Flags& flags) {
  WaitingFilter filter;
  for (const std::string& text : flags.ids) {
    const auto id = parse_uuid(text);
    if (!id) return wrong("ID", "the id of an outbox row, as `quickbite outbox list` shows it", text);
    filter.ids.push_back(EventId(*id));
  }
  if (!flags.topic.empty()) {
    filter.topic = parse_topic(flags.topic);
    if (!filter.topic) return wrong("--topic", "orders.v1, inventory.v1, orders.dlq.v1 or inventory.dlq.v1", flags.topic);
  }
  if (!flags.key.empty()) filter.key = flags.key;
  filter.parked = flags.parked;
  return filter;
}

absl::Status of_database(Service service, const absl::Status& status) {
  return absl::Status(status.code(), absl::StrCat("the ", std::string(postgres::to_string(service)), " database: ", status.message()));
}

absl::StatusOr<Found> find(const Addresses& addresses, const Flags& flags, const WaitingFilter& filter) {
  Found found;
  for (const Service service : services_of(flags)) {
    const absl::StatusOr<postgres::SessionOptions> options = addresses.session(service);
    if (!options.ok()) return options.status();
    postgres::OutboxSession session(*options);
    for (OutboxSeq after; !found.more;) {
      absl::StatusOr<std::vector<WaitingRow>> page = session.waiting(filter, after, kPage);
      if (!page.ok()) return of_database(service, page.status());
      for (WaitingRow& row : *page) {
        after = row.row.seq;
        found.more = static_cast<std::int64_t>(found.rows.size()) >= flags.limit;
        if (found.more) break;
        row.row.payload = Bytes();  // a page of large ones is enough
        found.rows.push_back({service, std::move(row)});
      }
      if (static_cast<std::int64_t>(page->size()) < kPage) break;
    }
  }
  return found;
}

std::string word_of(Waits waits) {
  switch (waits) {
    case Waits::kRelay:
      return "waits";
    case Waits::kParked:
      return "parked";
    case Waits::kBehind:
      return "behind";
  }
  return "?";
}

void print(const Found& found, bool json) {
  if (json) {
    JsonText text;
    text.open_array("rows");
    for (const auto& [service, waiting] : found.rows) {
      const OutboxRow& row = waiting.row;
      text.open_object();
      text.member("id", to_string(row.id.value));
      text.member("service", postgres::to_string(service));
      text.member("seq", row.seq.value);
      text.member("topic", to_string(row.topic));
      text.member("type", row.type);
      if (row.key) member_of_bytes(text, "key", *row.key);
      text.member("state", word_of(waiting.waits));
      text.member("since", to_rfc3339(row.created_at));
      text.close_object();
    }
    text.close_array();
    text.member("more", found.more);
    std::cout << text.take() << std::endl;
    return;
  }
  if (found.rows.empty()) {
    std::cout << "Nothing waits in the outbox.\n";
    return;
  }
  Table table({"ROW", "OF", "TOPIC", "TYPE", "STATE", "SINCE", "KEY"});
  for (const auto& [service, waiting] : found.rows) {
    const OutboxRow& row = waiting.row;
    table.add({to_string(row.id.value), std::string(postgres::to_string(service)), std::string(to_string(row.topic)), row.type,
               word_of(waiting.waits), ago(row.created_at), row.key ? one_line(*row.key, 36) : "(none)"});
  }
  std::cout << table.text();
  if (found.more) std::cout << "There are more: --limit shows more of them.\n";
}

ExitCode list(const Flags& flags) {
  const absl::StatusOr<WaitingFilter> filter = filter_of(flags);
  if (!filter.ok()) return failed(filter.status());
  const absl::StatusOr<Found> found = find(Addresses(flags.addresses), flags, *filter);
  if (!found.ok()) return failed(found.status());
  print(*found, flags.json);
  return ExitCode::kHeld;
}

// --- retry ----------------------------------------------------------------------------------------

std::string rows_text(std::size_t count) {
  return absl::StrCat(with_commas(count), count == 1 ? " parked row" : " parked rows");
}

// In pages, each a transaction of its own. How many were let go is right also where it ends with an error.
absl::Status let_go(const Addresses& addresses, const std::vector<Kept>& rows, std::int64_t& done) {
  Progress progress("parked rows", rows.size());
  for (const Service service : {Service::kOrders, Service::kInventory}) {
    std::vector<EventId> ids;
    for (const Kept& row : rows) {
      if (row.service == service) ids.push_back(row.waiting.row.id);
    }
    if (ids.empty()) continue;
    const absl::StatusOr<postgres::SessionOptions> options = addresses.session(service);
    if (!options.ok()) return options.status();
    postgres::OutboxSession session(*options);
    for (std::size_t at = 0; at < ids.size(); at += kPage) {
      const auto end = ids.begin() + static_cast<std::ptrdiff_t>(std::min(ids.size(), at + kPage));
      const absl::StatusOr<std::int64_t> count = session.unpark({ids.begin() + static_cast<std::ptrdiff_t>(at), end});
      if (!count.ok()) return of_database(service, count.status());
      done += *count;
      progress.update(static_cast<std::uint64_t>(done));
    }
  }
  return absl::OkStatus();
}

void print_retried(const Flags& flags, std::int64_t count, bool more) {
  if (flags.json) {
    JsonText json;
    json.member("dry_run", flags.dry_run);
    json.member("retried", count);
    json.member("limit_reached", more);
    std::cout << json.take() << std::endl;
    return;
  }
  std::cout << (flags.dry_run ? "Would let go: " : "Let go: ") << rows_text(static_cast<std::size_t>(count)) << ".\n";
  if (more) std::cout << "The limit was reached: there are more; the same command again goes on.\n";
  if (!flags.dry_run && count > 0) {
    std::cout << "The relay tries them again; what the broker still does not take is parked again.\n";
  }
}

ExitCode retry(Flags flags) {
  flags.parked = true;
  const absl::StatusOr<WaitingFilter> filter = filter_of(flags);
  if (!filter.ok()) return failed(filter.status());
  if (filter->ids.empty() && !filter->topic && !filter->key && !flags.all) {
    return failed(absl::InvalidArgumentError("which rows? Give ids, --topic, --key, or --all"));
  }
  const Addresses addresses(flags.addresses);
  const absl::StatusOr<Found> found = find(addresses, flags, *filter);
  if (!found.ok()) return failed(found.status());
  const auto count = static_cast<std::int64_t>(found->rows.size());
  if (flags.dry_run || count == 0) {
    print_retried(flags, count, found->more);
    return ExitCode::kHeld;
  }
  if (!confirmed(absl::StrCat("Let ", rows_text(found->rows.size()), " go?"), flags.yes)) return ExitCode::kUsage;
  const absl::StatusOr<OperatorLog> log = OperatorLog::open(addresses.log());
  if (!log.ok()) return failed(log.status());
  log->tell("outbox retry begins", absl::StrCat(rows_text(found->rows.size()), " from ", to_string(found->rows.front().waiting.row.id.value)));
  std::int64_t done = 0;
  const absl::Status status = let_go(addresses, found->rows, done);
  log->tell(status.ok() ? "outbox retry has ended" : "outbox retry has failed", absl::StrCat("let go ", done));
  if (!status.ok()) {
    std::cerr << "quickbite: " << done << " let go, then: " << status.message() << "; the same command again goes on\n";
    return ExitCode::kFailed;
  }
  print_retried(flags, done, found->more);
  return ExitCode::kHeld;
}

void declare_filter(CLI::App& app, Flags& flags) {
  declare_databases(app, flags.addresses);
  declare_data_dir(app, flags.addresses);
  app.add_option("--service", flags.service, "whose outbox: orders or inventory (default: both)")
      ->check(CLI::IsMember({"orders", "inventory"}));
  app.add_option("--topic", flags.topic, "for that topic");
  app.add_option("--key", flags.key, "with that key; of an event it is the order's id");
  app.add_flag("--json", flags.json, "print one JSON object");
}

}  // namespace

Action declare_outbox(CLI::App& app) {
  auto lists = std::make_shared<Flags>();
  auto retries = std::make_shared<Flags>();
  app.require_subcommand(1);

  CLI::App* sub_list = app.add_subcommand("list", "List what is not published yet, the oldest first");
  declare_filter(*sub_list, *lists);
  sub_list->add_flag("--parked", lists->parked, "only what is parked");
  lists->limit = kListed;
  sub_list->add_option("--limit", lists->limit, "at most so many (default 50)")->check(CLI::Range(std::int64_t{1}, kListedMost));
  sub_list->footer(
      "States: waits (for the relay), parked (the broker will never take it as it is: too large, not allowed, no such topic), behind\n"
      "(a parked row of its key, so that events stay in their order).");

  CLI::App* sub_retry = app.add_subcommand("retry", "Let parked rows go, after what kept them was mended");
  sub_retry->add_option("ID", retries->ids, "rows; none: those that the flags select")->expected(0, 1000);
  declare_filter(*sub_retry, *retries);
  declare_log(*sub_retry, retries->addresses);
  sub_retry->add_flag("--all", retries->all, "all parked rows");
  sub_retry->add_flag("--dry-run", retries->dry_run, "tell what would be done, and do nothing");
  sub_retry->add_flag("--yes", retries->yes, "do not ask");
  retries->limit = kRetried;
  sub_retry->add_option("--limit", retries->limit, "at most so many (default 1000)")->check(CLI::Range(std::int64_t{1}, kRetriedMost));

  return [=] { return sub_list->parsed() ? list(*lists) : retry(*retries); };
}

}  // namespace quickbite::cli

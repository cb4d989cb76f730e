#include "services/cli/republish_command.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "adapters/postgres/ledger_session.h"
#include "domain/base/match.h"
#include "domain/machine/republisher.h"
#include "domain/message/event.h"
#include "domain/port/trail.h"
#include "services/cli/addresses.h"
#include "services/cli/drive.h"
#include "services/cli/json_text.h"
#include "services/cli/operator_log.h"
#include "services/cli/progress.h"
#include "services/cli/shown.h"
#include "services/cli/terminal.h"

namespace quickbite::cli {
namespace {

using postgres::Service;

constexpr std::int64_t kRows = 10'000;
constexpr std::int64_t kRowsMost = 1'000'000;
constexpr absl::Duration kPatience = absl::Seconds(10);

struct Flags {
  AddressFlags addresses;
  std::vector<std::string> orders;
  std::string topic;
  std::string since;
  std::string until;
  bool all = false;
  bool dry_run = false;
  bool yes = false;
  bool json = false;
  std::int64_t limit = kRows;
};

struct Report {
  std::int64_t rows = 0;
  bool full = false;
  Instant until;  // sent before: for who goes on
};

absl::StatusOr<ResendFilter> filter_of(const Flags& flags) {
  ResendFilter filter;
  for (const std::string& text : flags.orders) {
    const auto uuid = parse_uuid(text);
    if (!uuid) return wrong("ORDER", "the id of an order", text);
    const OrderId order(*uuid);
    for (const EventId& id : events_of(order)) filter.events.push_back(id);
    filter.events.push_back(event_id(OrderCancelled{order, CancelReason::kUnknownOrder}));
  }
  if (!flags.topic.empty()) {
    filter.topic = parse_topic(flags.topic);
    if (!filter.topic) return wrong("--topic", "orders.v1, inventory.v1, orders.dlq.v1 or inventory.dlq.v1", flags.topic);
  }
  if (!flags.since.empty()) {
    filter.since = parse_moment(flags.since);
    if (!filter.since) return wrong("--since", "a time as 2026-02-03T04:05:06Z, or how long ago, as 2h", flags.since);
  }
  if (filter == ResendFilter{} && !flags.all) {
    return absl::InvalidArgumentError("which events? Give orders, --topic, --since, or --all");
  }
  return filter;
}

std::string named(Service service) { return absl::StrCat("the ", std::string(postgres::to_string(service)), " database"); }

template <class Session>
absl::Status republish_of(Service service, const postgres::SessionOptions& options, const RepublishRequest& request, Report& report,
                          Progress& progress) {
  Session session(options);
  absl::Status status;
  const auto tell = [&](Republisher::Notice&& notice) {
    match(
        std::move(notice),
        [&](Republisher::Batch&& batch) {
          report.rows += batch.rows;
          progress.update(static_cast<std::uint64_t>(report.rows));
        },
        [](OutboxFilled&&) { /* the service's relay looks for it, twice a second */ },
        [&](Republisher::Done&& done) {
          report.full = report.full || done.full;
          if (report.until == Instant{} || done.until < report.until) report.until = done.until;
          if (done.refused.empty()) return;
          status = absl::FailedPreconditionError(absl::StrCat(named(service), " refuses it (SQLSTATE ", done.refused, ")"));
        });
  };
  const absl::Status driven = drive(
      Republisher(Limits{}, static_cast<std::uint64_t>(::getpid())), request, kPatience,
      [&](Resend&& resend) -> ResendAnswer { return session.resend(resend); }, tell, [&] {
        const std::string trouble = session.health().trouble;
        return absl::StrCat(named(service), ": ", trouble.empty() ? "it does not answer" : trouble);
      });
  return driven.ok() ? status : driven;
}

absl::Status republish(const Addresses& addresses, RepublishRequest request, Report& report) {
  Progress progress("events", 0);
  const std::int64_t most = request.most;
  for (const Service service : {Service::kOrders, Service::kInventory}) {
    if (report.rows >= most) break;
    const absl::StatusOr<postgres::SessionOptions> options = addresses.session(service);
    if (!options.ok()) return options.status();
    request.most = most - report.rows;
    const absl::Status done = service == Service::kOrders
                                  ? republish_of<postgres::OrdersLedgerSession>(service, *options, request, report, progress)
                                  : republish_of<postgres::InventoryLedgerSession>(service, *options, request, report, progress);
    if (!done.ok()) return done;
  }
  return absl::OkStatus();
}

std::string events_text(std::int64_t count) {
  return absl::StrCat(with_commas(static_cast<std::uint64_t>(count)), count == 1 ? " event" : " events");
}

void print(const Flags& flags, const Report& report) {
  if (flags.json) {
    JsonText json;
    json.member("dry_run", flags.dry_run);
    json.member("republished", report.rows);
    json.member("limit_reached", report.full);
    json.member("until", to_rfc3339(report.until));
    std::cout << json.take() << std::endl;
    return;
  }
  if (report.rows == 0) {
    std::cout << "Nothing to republish: nothing of it was sent, or it is past its retention.\n";
    return;
  }
  std::cout << (flags.dry_run ? "Would send again: " : "To be sent again: ") << events_text(report.rows) << ".\n";
  if (report.full) {
    std::cout << "The limit was reached: there may be more; the same command with --until " << to_rfc3339(report.until) << " goes on.\n";
  }
  if (!flags.dry_run) std::cout << "The relays send them, under their ids: who has handled one does not handle it again.\n";
}

std::string details_of(const Flags& flags, std::int64_t rows) {
  std::string out = absl::StrCat("events ", rows);
  if (!flags.orders.empty()) absl::StrAppend(&out, ", orders ", flags.orders.size(), " from ", flags.orders.front());
  if (!flags.topic.empty()) absl::StrAppend(&out, ", topic ", flags.topic);
  if (!flags.since.empty()) absl::StrAppend(&out, ", since ", flags.since);
  return out;
}

// What is to be done is counted first; then the same is done for good.
ExitCode run(const Flags& flags) {
  const absl::StatusOr<ResendFilter> filter = filter_of(flags);
  if (!filter.ok()) return failed(filter.status());
  const Addresses addresses(flags.addresses);
  RepublishRequest request{*filter, std::nullopt, true, flags.limit};
  if (!flags.until.empty()) {
    request.until = parse_moment(flags.until);
    if (!request.until) return failed(wrong("--until", "a time as 2026-02-03T04:05:06Z, or how long ago, as 2h", flags.until));
  }
  Report planned;
  if (const absl::Status counted = republish(addresses, request, planned); !counted.ok()) return failed(counted);
  if (flags.dry_run || planned.rows == 0) {
    print(flags, planned);
    return ExitCode::kHeld;
  }
  if (!confirmed(absl::StrCat("Send ", events_text(planned.rows), " again?"), flags.yes)) return ExitCode::kUsage;
  const absl::StatusOr<OperatorLog> log = OperatorLog::open(addresses.log());
  if (!log.ok()) return failed(log.status());
  log->tell("republish begins", details_of(flags, planned.rows));
  request.dry = false;
  Report report;
  const absl::Status done = republish(addresses, request, report);
  log->tell(done.ok() ? "republish has ended" : "republish has failed", details_of(flags, report.rows));
  if (!done.ok()) {
    std::cerr << "quickbite: " << events_text(report.rows) << " to be sent again, then: " << done.message()
              << "; the same command goes on"
              << (report.until == Instant{} ? "" : absl::StrCat(" with --until ", to_rfc3339(report.until))) << "\n";
    return ExitCode::kFailed;
  }
  print(flags, report);
  return ExitCode::kHeld;
}

}  // namespace

Action declare_republish(CLI::App& app) {
  auto flags = std::make_shared<Flags>();
  app.add_option("ORDER", flags->orders, "orders whose events are to be sent again, of both services")->expected(0, 1000);
  declare_databases(app, flags->addresses);
  declare_data_dir(app, flags->addresses);
  declare_log(app, flags->addresses);
  app.add_option("--topic", flags->topic, "only what goes to that topic");
  app.add_option("--since", flags->since, "only what was sent then or later: 2026-02-03T04:05:06Z, or 2h (ago)");
  app.add_option("--until", flags->until, "only what was sent before then (default: before now)");
  app.add_flag("--all", flags->all, "everything that the databases still have");
  app.add_flag("--dry-run", flags->dry_run, "tell what would be done, and do nothing");
  app.add_flag("--yes", flags->yes, "do not ask");
  app.add_flag("--json", flags->json, "print one JSON object");
  app.add_option("--limit", flags->limit, "at most so many events (default 10000)")->check(CLI::Range(std::int64_t{1}, kRowsMost));
  app.footer(
      "Sent rows are kept for the services' --retention; what is older is gone. Consumers know the ids of what they have handled,\n"
      "so an event that is sent again has no second effect.");
  return [flags] { return run(*flags); };
}

}  // namespace quickbite::cli

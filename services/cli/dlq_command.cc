#include "services/cli/dlq_command.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "services/cli/addresses.h"
#include "services/cli/dlq.h"
#include "services/cli/json_text.h"
#include "services/cli/letter_text.h"
#include "services/cli/operator_log.h"
#include "services/cli/progress.h"
#include "services/cli/shown.h"
#include "services/cli/terminal.h"

namespace quickbite::cli {
namespace {

constexpr std::int64_t kListed = 50;
constexpr std::int64_t kListedMost = 10'000;
constexpr std::int64_t kRedriven = 1'000;
constexpr std::int64_t kRedrivenMost = 100'000;
constexpr std::size_t kBytesShown = 4'096;

struct FilterFlags {
  std::string topic;
  std::string reason;
  std::string key;
  std::string order;
  std::string text;
  std::string since;
  std::string until;
};

struct Flags {
  AddressFlags addresses;
  FilterFlags filter;
  std::vector<std::string> ids;
  std::string state;
  std::int64_t limit = 0;
  bool all = false;
  bool again = false;
  bool force = false;
  bool dry_run = false;
  bool yes = false;
  bool json = false;
  bool bytes = false;
};

absl::Status read_moment(const char* flag, const std::string& text, std::optional<Instant>& moment) {
  if (text.empty()) return absl::OkStatus();
  moment = parse_moment(text);
  return moment ? absl::OkStatus() : wrong(flag, "a time as 2026-02-03T04:05:06Z, or how long ago, as 2h", text);
}

absl::StatusOr<LetterFilter> filter_of(const Flags& flags) {
  const FilterFlags& given = flags.filter;
  LetterFilter filter;
  for (const std::string& text : flags.ids) {
    const auto id = parse_uuid(text);
    if (!id) return wrong("ID", "the id of a dead letter, as `quickbite dlq list` shows it", text);
    filter.ids.push_back(EventId(*id));
  }
  if (!given.topic.empty()) {
    filter.topic = parse_topic(given.topic);
    if (filter.topic != Topic::kOrders && filter.topic != Topic::kInventory) {
      return wrong("--topic", "orders.v1 or inventory.v1", given.topic);
    }
  }
  filter.reason = given.reason;
  if (!given.key.empty()) filter.key = given.key;
  filter.text = given.text;
  if (!given.order.empty()) {
    const auto order = parse_uuid(given.order);
    if (!order) return wrong("--order", "the id of an order", given.order);
    if (!given.text.empty()) return absl::InvalidArgumentError("--order and --text exclude each other");
    filter.text = to_string(*order);
  }
  if (const absl::Status read = read_moment("--since", given.since, filter.since); !read.ok()) return read;
  if (const absl::Status read = read_moment("--until", given.until, filter.until); !read.ok()) return read;
  return filter;
}

// --- list, show -----------------------------------------------------------------------------------

ExitCode list(const Flags& flags) {
  const absl::StatusOr<LetterFilter> filter = filter_of(flags);
  if (!filter.ok()) return failed(filter.status());
  std::function<bool(const LetterFound&)> wanted;
  if (!flags.state.empty()) wanted = [&](const LetterFound& found) { return state_of(found) == flags.state; };
  const absl::StatusOr<LettersRead> read = read_letters(Addresses(flags.addresses), *filter, flags.limit, wanted);
  if (!read.ok()) return failed(read.status());
  if (flags.json) {
    JsonText json;
    json.open_array("letters");
    for (const KeptLetter& letter : read->letters) {
      json.open_object();
      letter_members(json, letter, /*whole=*/false);
      json.close_object();
    }
    json.close_array();
    json.member("more", read->more);
    std::cout << json.take() << std::endl;
    return ExitCode::kHeld;
  }
  if (read->letters.empty()) {
    std::cout << "No dead letters" << (read->more ? " among those looked at" : "") << ".\n";
  } else {
    std::cout << letters_table(read->letters);
  }
  if (read->more) std::cout << "There are more: --limit shows more of them, --since and the like fewer.\n";
  return ExitCode::kHeld;
}

ExitCode show(const Flags& flags) {
  const absl::StatusOr<LetterFilter> filter = filter_of(flags);
  if (!filter.ok()) return failed(filter.status());
  const absl::StatusOr<LettersRead> read = read_letters(Addresses(flags.addresses), *filter, 1);
  if (!read.ok()) return failed(read.status());
  if (read->letters.empty()) {
    return failed(absl::NotFoundError(
        absl::StrCat("no dead letter ", flags.ids.front(), "; `quickbite dlq list` shows those that there are")));
  }
  const KeptLetter& letter = read->letters.front();
  if (flags.bytes) {
    std::cout << letter.found.letter.payload.view() << std::flush;
  } else if (flags.json) {
    JsonText json;
    letter_members(json, letter, /*whole=*/true);
    std::cout << json.take() << std::endl;
  } else {
    std::cout << letter_text(letter, kBytesShown);
  }
  return ExitCode::kHeld;
}

// --- redrive --------------------------------------------------------------------------------------

std::string letters(std::int64_t count) {
  return absl::StrCat(with_commas(static_cast<std::uint64_t>(count)), count == 1 ? " dead letter" : " dead letters");
}

// "3 handled already, 1 that this version cannot read"; empty where nothing is left.
std::string left_text(const RedriveReport& report) {
  std::string out;
  for (const auto& [verdict, count] : report.count) {
    std::string_view why;
    switch (verdict) {
      case RedriveVerdict::kSend:
        continue;
      case RedriveVerdict::kHandled:
        why = "whose event was handled already";
        break;
      case RedriveVerdict::kUnderWay:
        why = "whose redrive is still in the outbox";
        break;
      case RedriveVerdict::kSent:
        why = "redriven before (--again sends them again)";
        break;
      case RedriveVerdict::kUnreadable:
        why = "that this version cannot read either (--force sends them all the same)";
        break;
      case RedriveVerdict::kSpent:
        why = "redriven sixteen times";
        break;
      case RedriveVerdict::kNoLetter:
        why = "with unknown headers";
        break;
    }
    absl::StrAppend(&out, out.empty() ? "" : ", ", count, " ", std::string(why));
  }
  return out;
}

// The ids that were asked for and that nobody has.
std::string unknown_ids(const LetterFilter& filter, const RedriveReport& report) {
  std::string out;
  for (const EventId& id : filter.ids) {
    const bool known = std::any_of(report.letters.begin(), report.letters.end(),
                                   [&](const RedriveReport::Ruled& letter) { return letter.ruled.letter == id; });
    if (!known) absl::StrAppend(&out, out.empty() ? "" : ", ", to_string(id.value));
  }
  return out;
}

void print_redriven(const Flags& flags, const RedriveReport& report) {
  if (flags.json) {
    JsonText json;
    json.member("dry_run", flags.dry_run);
    json.member("sent", report.sent());
    json.open_object("left");
    for (const auto& [verdict, count] : report.count) {
      if (verdict != RedriveVerdict::kSend) json.member(to_string(verdict), count);
    }
    json.close_object();
    json.member("limit_reached", report.full);
    json.open_array("letters");
    for (const auto& [service, ruled] : report.letters) {
      json.open_object();
      json.member("id", to_string(ruled.letter.value));
      json.member("refused_by", postgres::to_string(service));
      json.member("verdict", to_string(ruled.verdict));
      if (ruled.verdict == RedriveVerdict::kSend) json.member("redrive", to_string(ruled.redrive.value));
      json.close_object();
    }
    json.close_array();
    std::cout << json.take() << std::endl;
    return;
  }
  std::cout << (flags.dry_run ? "Would redrive " : "Redriven: ") << letters(report.sent()) << ".\n";
  const std::string left = left_text(report);
  if (!left.empty()) std::cout << "Left: " << left << ".\n";
  if (report.full) std::cout << "The limit was reached: there may be more; the same command again goes on.\n";
  if (!flags.dry_run && report.sent() > 0) {
    std::cout << "The service's relay sends them; `quickbite dlq list` tells what comes of them.\n";
  }
}

absl::Status run_redrive(const Addresses& addresses, const RedriveRequest& request, RedriveReport& report) {
  Progress progress("dead letters looked at", 0);
  absl::Status done = redrive_letters(addresses, request, report,
                                      [&](std::int64_t so_far) { progress.update(static_cast<std::uint64_t>(so_far)); });
  progress.finish();
  return done;
}

std::string details_of(const RedriveRequest& request, std::string out) {
  const LetterFilter& filter = request.filter;
  if (!filter.ids.empty()) absl::StrAppend(&out, ", ids ", filter.ids.size(), " from ", to_string(filter.ids.front().value));
  if (filter.topic) absl::StrAppend(&out, ", topic ", std::string(to_string(*filter.topic)));
  if (!filter.reason.empty()) absl::StrAppend(&out, ", reason ", filter.reason);
  if (filter.key) absl::StrAppend(&out, ", key ", *filter.key);
  if (!filter.text.empty()) absl::StrAppend(&out, ", text ", filter.text);
  if (filter.since) absl::StrAppend(&out, ", since ", to_rfc3339(*filter.since));
  if (filter.until) absl::StrAppend(&out, ", until ", to_rfc3339(*filter.until));
  if (request.mode.again) absl::StrAppend(&out, ", again");
  if (request.mode.force) absl::StrAppend(&out, ", forced");
  return out;
}

// What is to be done is decided first, and shown; then the same is done for good.
ExitCode redrive(const Flags& flags) {
  const absl::StatusOr<LetterFilter> filter = filter_of(flags);
  if (!filter.ok()) return failed(filter.status());
  if (*filter == LetterFilter{} && !flags.all) {
    return failed(absl::InvalidArgumentError("which dead letters? Give ids, or a filter such as --reason, or --all"));
  }
  RedriveRequest request{*filter, {flags.again, flags.force}, true, flags.limit};
  const Addresses addresses(flags.addresses);
  RedriveReport planned;
  if (const absl::Status done = run_redrive(addresses, request, planned); !done.ok()) return failed(done);
  if (const std::string unknown = unknown_ids(*filter, planned); !unknown.empty()) {
    return failed(absl::InvalidArgumentError(
        absl::StrCat("no dead letter ", unknown, "; `quickbite dlq list` shows those that there are; nothing was sent")));
  }
  if (flags.dry_run || planned.sent() == 0) {
    print_redriven(flags, planned);
    return ExitCode::kHeld;
  }
  const std::string left = left_text(planned);
  if (!left.empty()) std::cerr << "Left as they are: " << left << ".\n";
  if (!confirmed(absl::StrCat("Send the records of ", letters(planned.sent()), " once more?"), flags.yes)) return ExitCode::kUsage;

  const absl::StatusOr<OperatorLog> log = OperatorLog::open(addresses.log());
  if (!log.ok()) return failed(log.status());
  log->tell("dlq redrive begins", details_of(request, absl::StrCat("to send ", planned.sent())));
  request.dry = false;
  RedriveReport report;
  const absl::Status done = run_redrive(addresses, request, report);
  log->tell(done.ok() ? "dlq redrive has ended" : "dlq redrive has failed", details_of(request, absl::StrCat("sent ", report.sent())));
  if (!done.ok()) {
    std::cerr << "quickbite: " << letters(report.sent()) << " redriven, then: " << done.message()
              << "; the same command again goes on\n";
    return ExitCode::kFailed;
  }
  print_redriven(flags, report);
  return ExitCode::kHeld;
}

// --- flags ----------------------------------------------------------------------------------------

void declare_filter(CLI::App& app, FilterFlags& filter) {
  app.add_option("--topic", filter.topic, "whose records they were: orders.v1 or inventory.v1");
  app.add_option("--reason", filter.reason, "the reason begins so: NOT_JSON, REFUSED, \"REFUSED 22001\"");
  app.add_option("--key", filter.key, "the record's key");
  app.add_option("--order", filter.order, "the order that the record names");
  app.add_option("--text", filter.text, "stands in the record");
  app.add_option("--since", filter.since, "refused then or later: 2026-02-03T04:05:06Z, or 2h (ago)");
  app.add_option("--until", filter.until, "refused before then");
}

CLI::App* declare_sub(CLI::App& app, const char* name, const char* summary, Flags& flags) {
  CLI::App* sub = app.add_subcommand(name, summary);
  declare_databases(*sub, flags.addresses);
  declare_data_dir(*sub, flags.addresses);
  sub->add_flag("--json", flags.json, "print one JSON object");
  return sub;
}

}  // namespace

Action declare_dlq(CLI::App& app) {
  auto lists = std::make_shared<Flags>();
  auto shows = std::make_shared<Flags>();
  auto redrives = std::make_shared<Flags>();
  app.require_subcommand(1);

  CLI::App* sub_list = declare_sub(app, "list", "List dead letters, the oldest first", *lists);
  declare_filter(*sub_list, lists->filter);
  sub_list->add_option("--state", lists->state, "only those in that state")
      ->check(CLI::IsMember({"ready", "handled", "under-way", "sent", "unreadable", "spent", "no-letter"}));
  lists->limit = kListed;
  sub_list->add_option("--limit", lists->limit, "at most so many (default 50)")->check(CLI::Range(std::int64_t{1}, kListedMost));
  sub_list->footer(
      "States: ready (can be redriven), unreadable (by this version), under-way (its redrive waits in the outbox), sent (redriven, and\n"
      "not handled: not read yet, or failed again), handled (its event was handled), spent (redriven sixteen times).");

  CLI::App* sub_show = declare_sub(app, "show", "Show one dead letter: its record, why it was refused, what came of it", *shows);
  sub_show->add_option("ID", shows->ids, "the letter's id")->required()->expected(1);
  sub_show->add_flag("--bytes", shows->bytes, "print the record's value alone, as it is");

  CLI::App* sub_redrive = declare_sub(app, "redrive", "Send the records of dead letters to their topic once more", *redrives);
  sub_redrive->add_option("ID", redrives->ids, "letters; none: those that the filter selects")->expected(0, 1000);
  declare_filter(*sub_redrive, redrives->filter);
  declare_log(*sub_redrive, redrives->addresses);
  sub_redrive->add_flag("--all", redrives->all, "all dead letters");
  sub_redrive->add_flag("--again", redrives->again, "also those that were redriven before and not handled since");
  sub_redrive->add_flag("--force", redrives->force, "also those that were handled, and those that this version cannot read");
  sub_redrive->add_flag("--dry-run", redrives->dry_run, "tell what would be done, and do nothing");
  sub_redrive->add_flag("--yes", redrives->yes, "do not ask");
  redrives->limit = kRedriven;
  sub_redrive->add_option("--limit", redrives->limit, "send at most so many (default 1000)")
      ->check(CLI::Range(std::int64_t{1}, kRedrivenMost));
  sub_redrive->footer(
      "A redrive is stored in the service's outbox, once however often it is asked for, and its relay sends it: a command that was\n"
      "broken off is given again. What fails again keeps its letter, with its id.");

  return [=] {
    if (sub_list->parsed()) return list(*lists);
    if (sub_show->parsed()) return show(*shows);
    return redrive(*redrives);
  };
}

}  // namespace quickbite::cli

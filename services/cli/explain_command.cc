#include "services/cli/explain_command.h"

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "services/cli/explain.h"
#include "services/cli/json_text.h"
#include "services/cli/letter_text.h"
#include "services/cli/operator_log.h"
#include "services/cli/shown.h"
#include "services/cli/terminal.h"

namespace quickbite::cli {
namespace {

struct Flags {
  AddressFlags addresses;
  std::string order;
  bool json = false;
};

std::string lines_text(const Lines& lines) {
  std::string out;
  for (const Line& line : lines) absl::StrAppend(&out, out.empty() ? "" : ", ", line.quantity.value, " ", line.sku.value);
  return out;
}

void members_of(JsonText& json, const OrderRow& order) {
  json.member("status", to_string(order.status));
  if (order.reason) json.member("reason", to_string(*order.reason));
  json.member("user_id", order.user.value);
  json.member("version", order.version.value);
  json.member("created_at", to_rfc3339(order.created_at));
  json.member("updated_at", to_rfc3339(order.updated_at));
  json.member("deadline", to_rfc3339(order.deadline));
  json.open_array("items");
  for (const Line& line : order.lines) {
    json.open_object();
    json.member("sku", line.sku.value);
    json.member("quantity", line.quantity.value);
    json.close_object();
  }
  json.close_array();
}

void print_json(const Story& story) {
  JsonText json;
  json.member("order_id", to_string(story.id.value));
  if (story.order) {
    json.open_object("order");
    members_of(json, *story.order);
    json.close_object();
  }
  if (story.inventory.reservation) json.member("reservation", to_string(story.inventory.reservation->state));
  json.open_array("steps");
  for (const StoryStep& step : steps_of(story)) {
    json.open_object();
    json.member("at", to_rfc3339(step.at));
    json.member("who", step.who);
    json.member("what", step.what);
    json.close_object();
  }
  json.close_array();
  json.open_array("waits_for");
  for (const StoryWait& wait : waits_of(story)) {
    json.open_object();
    json.member("what", wait.what);
    json.member("since", to_rfc3339(wait.since));
    json.member("advice", wait.advice);
    json.close_object();
  }
  json.close_array();
  json.open_array("dead_letters");
  for (const KeptLetter& letter : story.letters) {
    json.open_object();
    letter_members(json, letter, /*whole=*/false);
    json.close_object();
  }
  json.close_array();
  std::cout << json.take() << std::endl;
}

void print_text(const Story& story) {
  const Paint paint(1);
  std::cout << "Order " << to_string(story.id.value) << ": ";
  if (story.order) {
    const OrderRow& order = *story.order;
    std::cout << paint(Colour::kBold, to_string(order.status)) << (order.reason ? absl::StrCat(" (", std::string(to_string(*order.reason)), ")") : "")
              << ", of " << order.user.value << ": " << lines_text(order.lines) << "\n\n";
  } else {
    std::cout << "Orders does not have it\n\n";
  }
  Table table({"AT", "WHO", "WHAT"});
  for (const StoryStep& step : steps_of(story)) table.add({to_rfc3339(step.at), step.who, step.what});
  std::cout << table.text() << "\n";
  const std::vector<StoryWait> waits = waits_of(story);
  if (waits.empty()) std::cout << "It waits for nothing.\n";
  for (const StoryWait& wait : waits) {
    std::cout << paint(Colour::kYellow, "It waits for ") << wait.what << ", since " << to_rfc3339(wait.since) << " (" << ago(wait.since) << ")\n";
    if (!wait.advice.empty()) std::cout << "   " << wait.advice << "\n";
  }
  std::cout << std::flush;
}

ExitCode run(const Flags& flags) {
  const auto order = parse_uuid(flags.order);
  if (!order) return failed(wrong("ORDER", "the id of an order", flags.order));
  const absl::StatusOr<Story> story = read_story(Addresses(flags.addresses), OrderId(*order));
  if (!story.ok()) return failed(story.status());
  if (story->empty()) {
    return failed(absl::NotFoundError(absl::StrCat("neither service has heard of order ", to_string(*order))));
  }
  if (flags.json) {
    print_json(*story);
  } else {
    print_text(*story);
  }
  return ExitCode::kHeld;
}

}  // namespace

Action declare_explain(CLI::App& app) {
  auto flags = std::make_shared<Flags>();
  app.add_option("ORDER", flags->order, "the order's id")->required();
  declare_databases(app, flags->addresses);
  declare_data_dir(app, flags->addresses);
  app.add_flag("--json", flags->json, "print one JSON object");
  return [flags] { return run(*flags); };
}

}  // namespace quickbite::cli

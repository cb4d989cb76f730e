#include "services/live/system_status.h"

#include <rapidjson/prettywriter.h>
#include <rapidjson/stringbuffer.h>
#include <signal.h>

#include <optional>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "domain/api/api.h"
#include "services/live/http_client.h"
#include "services/live/sql.h"

namespace quickbite::live {
namespace {

constexpr std::int64_t kUnknown = -1;

using Json = rapidjson::PrettyWriter<rapidjson::StringBuffer>;

void text(Json& json, const char* name, const std::string& value) {
  json.Key(name);
  json.String(value.data(), static_cast<rapidjson::SizeType>(value.size()));
}

void number(Json& json, const char* name, std::int64_t value) {
  json.Key(name);
  value == kUnknown ? json.Null() : json.Int64(value);
}

void flag(Json& json, const char* name, std::optional<bool> value) {
  json.Key(name);
  value ? json.Bool(*value) : json.Null();
}

struct Ready {
  std::optional<bool> ready;  // nullopt: it is not asked
  std::string detail;
};

Ready readiness_of(std::uint16_t port) {
  const auto answer = HttpClient(port, absl::Seconds(1)).get("/readyz");
  if (!answer.ok()) return {false, "no answer"};
  if (answer->status == 200) return {true, ""};
  return {false, answer->body};
}

// As many numbers as the query selects; unknown where the database does not answer.
std::vector<std::int64_t> counts(const std::string& connection, const std::string& sql, std::size_t columns) {
  std::vector<std::int64_t> found(columns, kUnknown);
  const auto rows = sql_rows(connection, sql);
  if (!rows.ok() || rows->empty() || rows->front().size() != columns) return found;
  for (std::size_t i = 0; i < columns; ++i) {
    if (!absl::SimpleAtoi(rows->front()[i], &found[i])) found[i] = kUnknown;
  }
  return found;
}

constexpr const char* kEvents =
    "(SELECT count(*) FROM outbox_events WHERE sent_offset IS NULL), "
    "(SELECT count(*) FROM processed_events WHERE handled = 'DEAD_LETTERED')";

void write_services(Json& json, Stack& stack, const Serving& serving) {
  json.Key("services");
  json.StartArray();
  for (const Serving::Process& process : serving.processes) {
    const bool runs = process.pid > 0 && ::kill(process.pid, 0) == 0;
    Ready ready;
    if (runs && process.name == "Orders") ready = readiness_of(stack.orders_port());
    if (runs && process.name == "Inventory") ready = readiness_of(stack.inventory_port());
    json.StartObject();
    text(json, "name", process.name);
    json.Key("pid");
    json.Int(process.pid);
    flag(json, "runs", runs);
    flag(json, "ready", ready.ready);
    text(json, "detail", ready.detail);
    text(json, "log", process.log);
    json.EndObject();
  }
  json.EndArray();
}

void write_stories(Json& json, const std::vector<StoryResult>& stories) {
  json.Key("stories");
  json.StartArray();
  for (const StoryResult& story : stories) {
    json.StartObject();
    text(json, "title", story.title);
    text(json, "outcome", story.outcome);
    flag(json, "held", story.held);
    json.EndObject();
  }
  json.EndArray();
}

void write_pair(Json& json, const char* name, std::pair<const char*, std::int64_t> first, std::pair<const char*, std::int64_t> second) {
  json.Key(name);
  json.StartObject();
  number(json, first.first, first.second);
  number(json, second.first, second.second);
  json.EndObject();
}

// Two JSON objects as one, with the members of both.
std::string joined(const std::string& first, const std::string& second) {
  return absl::StrCat(first.substr(0, first.rfind('}')), ",", second.substr(second.find('{') + 1), "\n");
}

// The pages that Orders serves, by either name of this machine.
std::vector<std::string> origins_of(const Serving& serving) {
  const std::size_t port = serving.api.rfind(':');
  return {serving.api, absl::StrCat("http://localhost", serving.api.substr(port == serving.api.npos ? 0 : port))};
}

}  // namespace

absl::StatusOr<std::unique_ptr<SystemStatus>> SystemStatus::start(std::uint16_t port) {
  std::unique_ptr<SystemStatus> status(new SystemStatus());
  http::Options options;
  options.port = port;
  options.headers_of = [told = status.get()](const HttpRequest& request) {
    const std::lock_guard lock(told->mutex_);
    return api::cors_headers(told->cors_, request);
  };
  auto server = http::Server::start(options, [told = status.get()](HttpRequest&& request, http::Responder responder) {
    responder.answer(told->answer(request));
  });
  if (!server.ok()) return server.status();
  status->server_ = *std::move(server);
  return status;
}

std::string SystemStatus::origin() const { return absl::StrCat("http://127.0.0.1:", server_->port()); }

HttpAnswer SystemStatus::answer(const HttpRequest& request) {
  if (request.path != "/" && request.path != "/status" && request.path != "/status.json") {
    return api::problem("not-found", 404, "There is nothing here", "/status.json tells how the system is.");
  }
  if (request.method != "GET" && request.method != "HEAD") return api::only_for_reading(request);
  const std::lock_guard lock(mutex_);
  if (request.path != "/status.json") return {302, {{"Location", page_}, {"Cache-Control", "no-store"}}, ""};
  return {200, {{"Content-Type", "application/json"}, {"Cache-Control", "no-store"}}, json_};
}

std::int64_t SystemStatus::lag(std::unique_ptr<Lag>& lag, Stack& stack, const std::string& group, Topic topic) {
  if (lag == nullptr) {
    auto made = Lag::of(stack.kafka().bootstrap(), group, topic);
    if (!made.ok()) return kUnknown;
    lag = *std::move(made);
  }
  return lag->look().value_or(kUnknown);
}

void SystemStatus::look(Stack& stack, const Serving& serving, const std::vector<StoryResult>& stories) {
  const auto orders = counts(stack.orders_database(),
                             absl::StrCat("SELECT count(*) FILTER (WHERE status = 'PENDING'), count(*) FILTER (WHERE status = "
                                          "'CONFIRMED'), count(*) FILTER (WHERE status = 'CANCELLED'), ", kEvents, " FROM orders"), 5);
  const auto inventory = counts(stack.inventory_database(), absl::StrCat("SELECT ", kEvents), 2);
  const std::int64_t of_inventory = lag(orders_lag_, stack, "inventory", Topic::kOrders);
  // Where the broker has just not answered, it is not waited for a second time.
  const std::int64_t of_orders = of_inventory == kUnknown ? kUnknown : lag(inventory_lag_, stack, "orders", Topic::kInventory);
  rapidjson::StringBuffer out;
  Json json(out);
  json.SetIndent(' ', 2);
  json.StartObject();
  text(json, "at", absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", absl::Now(), absl::UTCTimeZone()));
  write_services(json, stack, serving);
  json.Key("orders");
  json.StartObject();
  number(json, "PENDING", orders[0]);
  number(json, "CONFIRMED", orders[1]);
  number(json, "CANCELLED", orders[2]);
  json.EndObject();
  write_pair(json, "outbox", {"orders", orders[3]}, {"inventory", inventory[0]});
  write_pair(json, "lag", {"orders.v1", of_inventory}, {"inventory.v1", of_orders});
  write_pair(json, "deadLetters", {"orders.v1", inventory[1]}, {"inventory.v1", orders[4]});
  write_stories(json, stories);
  json.EndObject();
  const std::lock_guard lock(mutex_);
  json_ = joined(to_json(serving), out.GetString());
  page_ = serving.app.empty() ? "/status.json" : serving.status;
  cors_.origins = origins_of(serving);
}

}  // namespace quickbite::live

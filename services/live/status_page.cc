#include "services/live/status_page.h"

#include <signal.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "domain/api/api.h"
#include "services/live/http_client.h"
#include "services/live/sql.h"

namespace quickbite::live {
namespace {

constexpr std::string_view kStyle =
    "body{font:16px/1.5 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem;color:#222}"
    "h1{font-size:1.5rem}h2{font-size:1.1rem;margin-top:1.8rem}table{border-collapse:collapse;width:100%}"
    "td,th{text-align:left;padding:.25rem .8rem .25rem 0;border-bottom:1px solid #ddd;vertical-align:top}"
    "code{background:#f3f3f3;padding:.1rem .3rem;overflow-wrap:anywhere}.good{color:#176b2c}.bad{color:#a11}"
    "@media(prefers-color-scheme:dark){body{background:#181818;color:#ddd}code{background:#2a2a2a}"
    "td,th{border-color:#444}.good{color:#6fcf87}.bad{color:#ff8a80}a{color:#8ab4f8}}";

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      default: out += c;
    }
  }
  return out;
}

std::string verdict(bool good, std::string_view text) {
  return absl::StrCat("<span class=", good ? "good>✓ " : "bad>✗ ", escaped(text), "</span>");
}

std::string row(const std::string& name, const std::string& html) {
  return absl::StrCat("<tr><th scope=row>", escaped(name), "<td>", html, "\n");
}

std::string link(const std::string& url) { return absl::StrCat("<a href=\"", escaped(url), "\">", escaped(url), "</a>"); }

std::string readiness_of(std::uint16_t port) {
  const auto answer = HttpClient(port, absl::Seconds(1)).get("/readyz");
  if (!answer.ok()) return verdict(false, "no answer");
  return answer->status == 200 ? verdict(true, "ready") : verdict(false, "not ready: " + answer->body);
}

// "12", or why nobody knows.
std::string number_of(const std::string& connection, const std::string& sql) {
  const auto number = sql_number(connection, sql);
  return number.ok() ? std::to_string(*number) : escaped(std::string(number.status().message()));
}

std::string orders_table(Stack& stack) {
  const std::string orders = stack.orders_database();
  const std::string inventory = stack.inventory_database();
  std::string html = "<h2>Orders</h2><table>\n";
  for (const char* status : {"PENDING", "CONFIRMED", "CANCELLED"}) {
    absl::StrAppend(&html, row(status, number_of(orders, absl::StrCat("SELECT count(*) FROM orders WHERE status = '",
                                                                      status, "'"))));
  }
  const char* waiting = "SELECT count(*) FROM outbox_events WHERE sent_offset IS NULL";
  const char* dead = "SELECT count(*) FROM processed_events WHERE handled = 'DEAD_LETTERED'";
  absl::StrAppend(&html, row("events waiting for Kafka", absl::StrCat(number_of(orders, waiting), " of Orders, ",
                                                                      number_of(inventory, waiting), " of Inventory")));
  absl::StrAppend(&html, row("dead letters", absl::StrCat(number_of(inventory, dead), " of orders.v1, ",
                                                          number_of(orders, dead), " of inventory.v1")));
  return html + "</table>\n";
}

std::string stories_table(const std::vector<StoryResult>& stories) {
  if (stories.empty()) return "";
  std::string html = "<h2>Played when it started</h2><table>\n";
  for (const StoryResult& story : stories) absl::StrAppend(&html, row(story.title, verdict(story.held, story.outcome)));
  return html + "</table>\n";
}

std::string links_table(const Serving& serving) {
  std::string html = "<h2>Addresses</h2><table>\n";
  absl::StrAppend(&html, row("API", absl::StrCat("<code>", escaped(serving.api), "/v1/orders</code>, ",
                                                 link(serving.api + "/readyz"))),
                  row("a customer's orders", link(serving.api + "/v1/orders?userId=customer-0")),
                  row("Kafka", absl::StrCat("<code>", escaped(serving.kafka), "</code>")),
                  row("Orders' database", absl::StrCat("<code>psql \"", escaped(serving.orders_database), "\"</code>")),
                  row("Inventory's database", absl::StrCat("<code>psql \"", escaped(serving.inventory_database), "\"</code>")));
  return html + "</table>\n";
}

std::string processes_table(Stack& stack, const Serving& serving) {
  std::string html = "<h2>Processes</h2><table>\n";
  for (const Serving::Process& process : serving.processes) {
    const bool lives = process.pid > 0 && ::kill(process.pid, 0) == 0;
    std::string state = verdict(lives, lives ? "runs" : "has ended");
    if (lives && process.name == "Orders") state = readiness_of(stack.orders_port());
    if (lives && process.name == "Inventory") state = readiness_of(stack.inventory_port());
    absl::StrAppend(&html, row(absl::StrCat(process.name, " (", process.pid, ")"),
                               absl::StrCat(state, "<br><code>", escaped(process.log), "</code>")));
  }
  return html + "</table>\n";
}

}  // namespace

absl::StatusOr<std::unique_ptr<StatusPage>> StatusPage::start(std::uint16_t port) {
  std::unique_ptr<StatusPage> page(new StatusPage());
  http::Options options;
  options.port = port;
  auto server = http::Server::start(options, [page = page.get()](HttpRequest&& request, http::Responder responder) {
    responder.answer(page->answer(request));
  });
  if (!server.ok()) return server.status();
  page->server_ = *std::move(server);
  return page;
}

std::string StatusPage::url() const { return absl::StrCat("http://127.0.0.1:", server_->port(), "/"); }

HttpAnswer StatusPage::answer(const HttpRequest& request) {
  if (request.path != "/" && request.path != "/status" && request.path != "/status.json") {
    return api::problem("not-found", 404, "There is nothing here", "The status page is /.");
  }
  if (request.method != "GET" && request.method != "HEAD") {
    HttpAnswer answer = api::problem("method-not-allowed", 405, "The method is not allowed here", "Allowed: GET, HEAD.");
    answer.headers.push_back({"Allow", "GET, HEAD"});
    return answer;
  }
  const bool json = request.path == "/status.json";
  const std::lock_guard lock(mutex_);
  return {200,
          {{"Content-Type", json ? "application/json" : "text/html; charset=utf-8"}, {"Cache-Control", "no-store"}},
          json ? json_ : html_};
}

void StatusPage::look(Stack& stack, const Serving& serving, const std::vector<StoryResult>& stories) {
  std::string html = absl::StrCat(
      "<!doctype html>\n<html lang=en><meta charset=utf-8><meta name=viewport content=\"width=device-width\">"
      "<meta http-equiv=refresh content=2><title>QuickBite</title><style>", std::string(kStyle),
      "</style>\n<h1>QuickBite is up</h1>\n", orders_table(stack), stories_table(stories), links_table(serving),
      processes_table(stack, serving), "</html>\n");
  const std::lock_guard lock(mutex_);
  html_ = std::move(html);
  json_ = to_json(serving);
}

}  // namespace quickbite::live

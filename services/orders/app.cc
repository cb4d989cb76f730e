#include "services/orders/app.h"

#include <string_view>
#include <utility>

#include "absl/flags/flag.h"
#include "absl/strings/str_cat.h"
#include "adapters/log/json_text.h"
#include "domain/api/api.h"
#include "domain/api/cors.h"

ABSL_FLAG(std::string, app, "", "folder of the phone app, as services/app builds it, to be served under /; none: no app");
ABSL_FLAG(std::string, app_status, "",
          "origin whose /status.json tells how the whole system is, as http://127.0.0.1:8088, for the app's status page; none: it "
          "shows what Orders knows of itself");

namespace quickbite::orders {
namespace {

constexpr std::string_view kSettingsPath = "/app.json";

}  // namespace

std::vector<runtime::Rule> app_rules() {
  return {{"app_status", "an origin, as http://127.0.0.1:8088", [] {
             const std::string origin = absl::GetFlag(FLAGS_app_status);
             return origin.empty() || (origin != "*" && api::is_origin(origin));
           }}};
}

// Trusted types: the page's one policy lets through the service worker's address, and nothing else becomes a script.
std::string content_security_policy(const std::string& status) {
  return absl::StrCat("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'",
                      status.empty() ? "" : " ", status,
                      "; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
                      "require-trusted-types-for 'script'; trusted-types quickbite");
}

absl::StatusOr<std::unique_ptr<App>> App::from_flags() {
  auto app = std::make_unique<App>();
  const std::string folder = absl::GetFlag(FLAGS_app);
  if (folder.empty()) return app;
  const std::string status = absl::GetFlag(FLAGS_app_status);
  auto files = http::StaticFiles::load(folder, {{"Content-Security-Policy", content_security_policy(status)},
                                                {"X-Content-Type-Options", "nosniff"},
                                                {"Referrer-Policy", "no-referrer"},
                                                {"Cross-Origin-Opener-Policy", "same-origin"},
                                                {"Cross-Origin-Resource-Policy", "same-origin"},
                                                {"Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()"}});
  if (!files.ok()) return absl::InvalidArgumentError(absl::StrCat("--app: ", files.status().message()));
  app->files_ = *std::move(files);
  app->settings_ = "{\"status\":";
  if (status.empty()) {
    app->settings_ += "null";
  } else {
    log::append_json_string(status + "/status.json", app->settings_);
  }
  app->settings_ += "}\n";
  return app;
}

bool App::answers(std::string_view path) const { return files_ && (path == kSettingsPath || files_->has(path)); }

std::optional<HttpAnswer> App::answer(const HttpRequest& request) const {
  if (!answers(request.path)) return std::nullopt;
  if (request.path != kSettingsPath) return files_->answer(request);
  if (request.method != "GET" && request.method != "HEAD") return api::only_for_reading(request);
  return HttpAnswer{200, {{"Content-Type", "application/json"}, {"Cache-Control", "no-cache"}}, settings_};
}

}  // namespace quickbite::orders

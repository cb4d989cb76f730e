// App: the phone app's files as Orders serves them, with the headers that a page of ours needs; out of Orders' flags.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "adapters/http/static_files.h"
#include "domain/port/http.h"
#include "services/runtime/command_line.h"

namespace quickbite::orders {

// What these flags have to be.
std::vector<runtime::Rule> app_rules();

// The Content-Security-Policy of every page and script: nothing but our own, nothing inline; `status` is a further origin that
// may be asked, or "".
std::string content_security_policy(const std::string& status);

class App {
 public:
  // Without --app there is none, and it answers nothing. An error names the flag: the folder cannot be served.
  static absl::StatusOr<std::unique_ptr<App>> from_flags();

  // Nullopt: the path is none of the app's. Nobody has to say who he is for it.
  std::optional<HttpAnswer> answer(const HttpRequest& request) const;
  bool answers(std::string_view path) const;

 private:
  std::optional<http::StaticFiles> files_;
  std::string settings_;  // what the page has to know of this server, as JSON
};

}  // namespace quickbite::orders

// StaticFiles: a folder's files, read once when a server starts, and answered from memory under names that were known then.
//
// No path of a client's ever reaches the file system: a request either names an entry of the table, or nothing.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "domain/port/http.h"

namespace quickbite::http {

inline constexpr std::size_t kStaticFilesMax = 2000;
inline constexpr std::size_t kStaticBytesMax = 64 * 1024 * 1024;  // of all of them

class StaticFiles {
 public:
  // Reads every regular file below the folder; links are not followed. `x.br` and `x.gz` are other forms of `x` (brotli, gzip).
  // Each line of `pages.txt`, where there is one, is a further path of `index.html`. `headers` go with every answer.
  //   NotFound         there is no index.html in it
  //   InvalidArgument  it has more than the limits, or a page that is no path
  //   Unavailable      a file cannot be read
  static absl::StatusOr<StaticFiles> load(const std::string& folder, const Headers& headers);

  // Nullopt: none of them has this path. Else the file in the best form that the client takes: 200, or 304 where it has it; any
  // method but GET and HEAD as api::only_for_reading. What stands in assets/ has its content's hash in its name and is kept for
  // ever; everything else is to be asked for each time (RFC 9111 section 5.2.2).
  std::optional<HttpAnswer> answer(const HttpRequest& request) const;
  // Whether one of them has this path.
  bool has(std::string_view path) const { return files_.find(path) != files_.end(); }

 private:
  struct Form {
    std::string etag;
    std::string bytes;
  };
  struct File {
    std::string type;
    bool kept_for_ever = false;
    std::map<std::string, Form, std::less<>> forms;  // by content coding; "": as it is
  };

  StaticFiles() = default;
  static Form form_of(std::string bytes, std::string_view coding);
  void take(const std::string& name, std::string bytes);
  absl::Status add_pages(std::string_view list);

  std::map<std::string, std::shared_ptr<File>, std::less<>> files_;  // by path
  Headers headers_;
};

}  // namespace quickbite::http

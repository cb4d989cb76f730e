#include "adapters/http/static_files.h"

#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "domain/api/api.h"
#include "domain/base/hash.h"
#include "domain/message/record.h"

namespace quickbite::http {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kIndex = "/index.html";
constexpr std::string_view kPages = "/pages.txt";

struct Ending {
  std::string_view ending;
  std::string_view means;
};
constexpr std::array kTypes = {
    Ending{".html", "text/html; charset=utf-8"},  Ending{".js", "text/javascript; charset=utf-8"},
    Ending{".css", "text/css; charset=utf-8"},    Ending{".svg", "image/svg+xml"},
    Ending{".png", "image/png"},                  Ending{".webmanifest", "application/manifest+json"},
    Ending{".json", "application/json"},          Ending{".txt", "text/plain; charset=utf-8"},
    Ending{".woff2", "font/woff2"},               Ending{".ico", "image/x-icon"},
};
// The better ones first.
constexpr std::array kCodings = {Ending{".br", "br"}, Ending{".gz", "gzip"}};

std::string type_of(std::string_view name) {
  for (const Ending& type : kTypes) {
    if (name.ends_with(type.ending)) return std::string(type.means);
  }
  return "application/octet-stream";
}

absl::StatusOr<std::string> read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(in), {}};
  if (!in.good() && !in.eof()) return absl::UnavailableError(absl::StrCat("cannot read ", path.string()));
  return bytes;
}

// Whether Accept-Encoding lists the coding, or "*", without forbidding it by q=0 (RFC 9110 section 12.5.3).
bool accepts(std::string_view accepted, std::string_view coding) {
  bool any = false;
  for (const absl::string_view part : absl::StrSplit(absl::string_view(accepted.data(), accepted.size()), ',')) {
    const std::vector<std::string> words = absl::StrSplit(part, absl::ByAnyChar("; \t"), absl::SkipEmpty());
    if (words.empty()) continue;
    double weight = 1;
    if (words.size() > 1 && words[1].starts_with("q=") && !absl::SimpleAtod(words[1].substr(2), &weight)) weight = 0;
    if (words[0] == std::string(coding)) return weight > 0;
    if (words[0] == "*") any = weight > 0;
  }
  return any;
}

// RFC 9110 section 13.1.2: a list, or "*"; weak and strong compare alike.
bool names(std::string_view if_none_match, std::string_view etag) {
  for (absl::string_view part : absl::StrSplit(absl::string_view(if_none_match.data(), if_none_match.size()), ',')) {
    std::string_view one(part.data(), part.size());
    while (one.starts_with(' ')) one.remove_prefix(1);
    while (one.ends_with(' ')) one.remove_suffix(1);
    if (one.starts_with("W/")) one.remove_prefix(2);
    if (one == "*" || one == etag) return true;
  }
  return false;
}

}  // namespace

absl::StatusOr<StaticFiles> StaticFiles::load(const std::string& folder, const Headers& headers) {
  StaticFiles table;
  table.headers_ = headers;
  std::map<std::string, std::string> read_in;  // in an order of its own: a form comes after what it is a form of
  std::size_t bytes = 0;
  std::error_code error;
  for (fs::recursive_directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    if (at->is_symlink(error) || !at->is_regular_file(error)) continue;
    auto content = read(at->path());
    if (!content.ok()) return content.status();
    bytes += content->size();
    read_in["/" + at->path().lexically_relative(folder).generic_string()] = *std::move(content);
    if (read_in.size() > kStaticFilesMax || bytes > kStaticBytesMax) {
      return absl::InvalidArgumentError(absl::StrCat(folder, " holds more than ", kStaticFilesMax, " files or ", kStaticBytesMax, " bytes"));
    }
  }
  if (!read_in.contains(std::string(kIndex))) return absl::NotFoundError(absl::StrCat("there is no index.html in ", folder));
  std::string pages;
  for (auto& [name, content] : read_in) {
    if (name == kPages) {
      pages = std::move(content);
    } else {
      table.take(name, std::move(content));
    }
  }
  if (const absl::Status added = table.add_pages(pages); !added.ok()) return added;
  return table;
}

StaticFiles::Form StaticFiles::form_of(std::string bytes, std::string_view coding) {
  Hash64 hash;
  hash.add(bytes);
  const std::string name = coding.empty() ? "" : absl::StrCat("-", std::string(coding));
  return {absl::StrCat("\"", absl::Hex(hash.digest(), absl::kZeroPad16), name, "\""), std::move(bytes)};
}

void StaticFiles::take(const std::string& name, std::string bytes) {
  for (const Ending& coding : kCodings) {
    if (!name.ends_with(coding.ending)) continue;
    const auto of = files_.find(name.substr(0, name.size() - coding.ending.size()));
    if (of == files_.end()) break;
    of->second->forms[std::string(coding.means)] = form_of(std::move(bytes), coding.means);
    return;
  }
  auto file = std::make_shared<File>();
  file->type = type_of(name);
  file->kept_for_ever = name.starts_with("/assets/");
  file->forms[""] = form_of(std::move(bytes), "");
  files_[name] = std::move(file);
}

absl::Status StaticFiles::add_pages(std::string_view list) {
  const std::shared_ptr<File> index = files_.find(kIndex)->second;
  files_["/"] = index;
  for (const absl::string_view line : absl::StrSplit(absl::string_view(list.data(), list.size()), '\n', absl::SkipEmpty())) {
    if (!absl::StartsWith(line, "/")) return absl::InvalidArgumentError(absl::StrCat("pages.txt: ", line, " is no path"));
    files_[std::string(line)] = index;
  }
  return absl::OkStatus();
}

std::optional<HttpAnswer> StaticFiles::answer(const HttpRequest& request) const {
  const auto at = files_.find(request.path);
  if (at == files_.end()) return std::nullopt;
  if (request.method != "GET" && request.method != "HEAD") return api::only_for_reading(request);
  const File& file = *at->second;
  std::string_view coding;
  for (const Ending& known : kCodings) {
    if (file.forms.contains(known.means) && accepts(header(request.headers, "accept-encoding").value_or(""), known.means)) {
      coding = known.means;
      break;
    }
  }
  const Form& form = file.forms.find(coding)->second;
  HttpAnswer answer{200, headers_, ""};
  answer.headers.push_back({"Cache-Control", file.kept_for_ever ? "public, max-age=31536000, immutable" : "no-cache"});
  answer.headers.push_back({"ETag", form.etag});
  if (file.forms.size() > 1) answer.headers.push_back({"Vary", "Accept-Encoding"});
  if (names(header(request.headers, "if-none-match").value_or(""), form.etag)) {
    answer.status = 304;
    return answer;
  }
  answer.headers.push_back({"Content-Type", file.type});
  if (!coding.empty()) answer.headers.push_back({"Content-Encoding", std::string(coding)});
  answer.body = form.bytes;
  return answer;
}

}  // namespace quickbite::http
